import type { Recording } from '@rawreel/archive';
import { ProcessorError } from '../processor-error.ts';
import type { Cut, PlanRequest } from './plan.ts';

/**
 * The part of the recording that is asked for; undefined where it is all of it.
 *
 * @throws {ProcessorError} ERR_NO_SUCH_TIME where it is empty, or begins when everybody has left
 */
export function planCut(
  { fromMs = 0, toMs }: Pick<PlanRequest, 'fromMs' | 'toMs'>,
  { zeroUnixMs, tracks }: Pick<Recording, 'zeroUnixMs' | 'tracks'>,
): Cut | undefined {
  const ends = tracks.flatMap(({ endsAtMs }) => endsAtMs ?? []);
  const lengthMs = zeroUnixMs === undefined || ends.length === 0 ? undefined : Math.max(...ends) - zeroUnixMs;
  if (lengthMs !== undefined && fromMs >= lengthMs)
    throw noSuchTime(`the recording is over ${clock(lengthMs)} after its beginning, before ${clock(fromMs)}`);
  if (toMs !== undefined && !(toMs > Math.max(0, fromMs)))
    throw noSuchTime(`the part from ${clock(fromMs)} to ${clock(toMs)} is empty`);
  if (!(fromMs > 0) && toMs === undefined) return undefined;
  return { ...(fromMs > 0 ? { fromMs } : {}), ...(toMs === undefined ? {} : { toMs }) };
}

const noSuchTime = (message: string): ProcessorError =>
  new ProcessorError('ERR_NO_SUCH_TIME', message, {
    hint: 'Choose a part that begins before it ends, while somebody was recorded. Positions count from the beginning of the recording; a time of day needs its zone, as 09:45Z has it.',
  });

/** `1h02m03s`, `10m00s`, `2.508s`: to the ms, as it tells a part from another in a file's name. */
function clock(exactMs: number): string {
  const ms = Math.round(exactMs);
  const [hours, minutes, rest] = [
    Math.floor(ms / 3_600_000),
    Math.floor(ms / 60_000) % 60,
    (ms % 60_000) / 1000,
  ];
  const padded = (value: number) => (value < 10 ? `0${value}` : `${value}`);
  if (hours > 0) return `${hours}h${padded(minutes)}m${padded(rest)}s`;
  return minutes > 0 ? `${minutes}m${padded(rest)}s` : `${rest}s`;
}

/** Stands in the names of all that is made of the part; nothing where that is all of the recording. */
export function cutSuffix({ fromMs, toMs }: Cut = {}): string {
  if (toMs === undefined) return fromMs === undefined ? '' : `_from-${clock(fromMs)}`;
  return fromMs === undefined ? `_to-${clock(toMs)}` : `_${clock(fromMs)}-${clock(toMs)}`;
}
