import { printable, redact } from '@rawreel/text';

/** Text for a log: on one line, and without what is secret. */
export const loggable = (text: string, secrets: readonly string[]): string =>
  printable(redact(text, secrets));
