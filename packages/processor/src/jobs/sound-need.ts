import { formatBytes } from '@rawreel/text';
import { bytesPerSecondOf } from '../mix/encodings.ts';
import { soundEndOf, usersOf } from '../mix/mix-plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { clock } from '../write/unfilled-findings.ts';
import type { SoundSettings } from './sound-settings.ts';

/** A mix may be silent for an afternoon, whatever was recorded: it has no timestamps in which a gap could stand. */
const FREE_SILENCE_MS = 4 * 3_600_000;

/** A packet, or the one after it, vouches for so much of a call: DTX sends one every 400 ms. */
const MS_PER_PACKET = 1000;

/** How long a mix would be, how much of that nobody was heard in, and what that takes beyond what is always allowed. */
export interface SoundNeed {
  readonly lengthMs: number;
  readonly silentMs: number;
  readonly bytes: number;
}

export function soundNeedOf(
  sound: Omit<SoundSettings, 'title' | 'fileTracks'>,
  tracks: readonly PlacedTrack[],
): SoundNeed {
  const heard = tracks.filter(({ codec }) => codec === 'opus');
  const lengthMs = Math.max(0, soundEndOf(heard, sound) - sound.zeroUnixMs);
  const silentMs = Math.max(
    0,
    heard.reduce((left, track) => left - vouchedMs(track), lengthMs),
  );
  const channels = { mono: 1, stereo: 2, 'per-user': usersOf(heard).length }[sound.layout];
  const seconds = Math.max(0, silentMs - FREE_SILENCE_MS) / 1000;
  return { lengthMs, silentMs, bytes: seconds * bytesPerSecondOf({ ...sound, channels }) };
}

/** A picture that stands and silence take so much. */
const STILL_BYTES_PER_SECOND = 4000;

/** The same of a film, in which any track vouches for the time. */
export function filmNeedOf(lengthMs: number, tracks: readonly PlacedTrack[]): SoundNeed {
  const silentMs = Math.max(
    0,
    tracks.reduce((left, track) => left - vouchedMs(track), lengthMs),
  );
  const seconds = Math.max(0, silentMs - FREE_SILENCE_MS) / 1000;
  return { lengthMs, silentMs, bytes: seconds * STILL_BYTES_PER_SECOND };
}

const vouchedMs = ({ runs }: PlacedTrack): number =>
  runs.reduce(
    (sum, { startMs, endMs, packets }) => sum + Math.min(endMs - startMs, packets * MS_PER_PACKET),
    0,
  );

/** @throws {ProcessorError} ERR_TOO_MUCH_SILENCE */
export function checkSilence(
  file: string,
  { lengthMs, silentMs, bytes }: SoundNeed,
  fillerBytes: number,
): void {
  if (bytes <= fillerBytes) return;
  const size = Math.ceil((bytes * 1.1) / 2 ** 30);
  throw new ProcessorError(
    'ERR_TOO_MUCH_SILENCE',
    `${file} would last ${clock(lengthMs)}, of which ${clock(silentMs)} are silence: about ${formatBytes(Math.round(bytes))} of filler`,
    {
      hint: `If the call was that long, allow it with --max-output ${size}G. Otherwise a time in the recording is wrong: find it with rawreel list-tracks, and select other users (--user-id; of a composite --users).`,
    },
  );
}
