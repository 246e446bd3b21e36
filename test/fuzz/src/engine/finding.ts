import { createHash } from 'node:crypto';

/** `failure`: an error that should not be; `hang`: no end in time; `memory`: more than a reader may take. */
export type FindingKind = 'failure' | 'hang' | 'memory';

export interface Finding {
  readonly target: string;
  readonly kind: FindingKind;
  /** One line. */
  readonly message: string;
  readonly stack: string;
  /** As small as it was made while still showing the same. */
  readonly input: Uint8Array;
  /** Equal for findings that most likely have one cause. */
  readonly signature: string;
}

export function findingOf(target: string, kind: FindingKind, error: unknown, input: Uint8Array): Finding {
  const message =
    error instanceof Error ? `${error.name}: ${error.message}` : `not an Error: ${String(error)}`;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return {
    target,
    kind,
    message: message.split('\n')[0] ?? '',
    stack,
    input,
    signature: signatureOf(kind, message, stack),
  };
}

/** Numbers and quoted text differ from input to input, and lines of the stack below the failing one say little. */
function signatureOf(kind: FindingKind, message: string, stack: string): string {
  const first = (message.split('\n')[0] ?? '').replace(/"[^"]*"/g, '"…"').replace(/-?\d+(\.\d+)?/g, '#');
  const place = /\n\s+at (?!(?:check|fail) )(.*)/.exec(stack)?.[1] ?? '';
  return `${kind} ${first} ${place.replace(/.*\//, '')}`;
}

export function hashOf(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 12);
}
