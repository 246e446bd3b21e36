import { type LevelWithSilent, pino } from 'pino';
import type { LOG_LEVELS } from '../config/config.ts';
import { loggable } from './loggable.ts';

export type Level = Exclude<(typeof LOG_LEVELS)[number], 'silent'>;

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

export interface LogOptions {
  readonly secrets: readonly string[];
  /** Logs this and what is worse. Default: `info`. */
  readonly level?: LevelWithSilent | undefined;
  readonly now?: (() => Date) | undefined;
}

/**
 * Lines for people on a terminal; elsewhere pino's, one JSON object each: `level`, `time`, `call` and what else is known, `text`. They
 * are written at once, so that nothing is left to be flushed when the process ends.
 */
export function createLog(
  output: Output,
  { secrets, level = 'info', now = () => new Date() }: LogOptions,
): Log {
  const shown = (value: unknown) => (typeof value === 'string' ? loggable(value, secrets) : value);
  const logger = pino(
    {
      level,
      // pino's own are the process and the machine, which whoever collects logs knows better.
      base: null,
      messageKey: 'text',
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    output.isTTY ? { write: (line) => output.write(lineForPeople(line)) } : output,
  );
  return ({ level, text, callCid, fields }) => {
    const known = Object.entries({ call: callCid, ...fields }).map(([name, value]) => [name, shown(value)]);
    logger[level](Object.fromEntries(known), loggable(text, secrets));
  };
}

/** `09:30:02  default:standup  warn: waits` */
function lineForPeople(line: string): string {
  const { level, time, call, text } = JSON.parse(line) as Record<'level' | 'time' | 'call' | 'text', string>;
  const clock = new Date(time).toTimeString().slice(0, 8);
  return `${clock}${call === undefined ? '' : `  ${call}`}  ${level === 'info' ? '' : `${level}: `}${text}\n`;
}
