import { harmless } from './harmless.ts';

export type Level = 'info' | 'warn' | 'error';

export interface Entry {
  readonly level: Level;
  /** What happened, for a person. */
  readonly text: string;
  readonly callCid?: string | undefined;
  /** For programs only. */
  readonly fields?: Readonly<Record<string, string | number | undefined>> | undefined;
}

export type Log = (entry: Entry) => void;

interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Lines for people on a terminal; elsewhere one JSON object per line: `time`, `level`, `text`, `call` and what else is known. */
export function createLog(
  output: Output,
  { secrets, now = () => new Date() }: { readonly secrets: readonly string[]; readonly now?: () => Date },
): Log {
  const shown = (text: string) => harmless(text, secrets);
  return ({ level, text, callCid, fields }) => {
    const time = now();
    if (output.isTTY) {
      const clock = time.toTimeString().slice(0, 8);
      const call = callCid === undefined ? '' : `  ${shown(callCid)}`;
      output.write(`${clock}${call}  ${level === 'info' ? '' : `${level}: `}${shown(text)}\n`);
      return;
    }
    const entry = { time: time.toISOString(), level, text, call: callCid, ...fields };
    const line = JSON.stringify(entry, (_, value) => (typeof value === 'string' ? shown(value) : value));
    output.write(`${line}\n`);
  };
}
