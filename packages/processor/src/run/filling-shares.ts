import type { FilmWindow } from '../composite/cast-of.ts';
import { dumpBytesOf } from '../jobs/job.ts';
import { mixSound } from '../jobs/mix-job.ts';
import { filmNeedOf, soundNeedOf } from '../jobs/sound-need.ts';
import { stemSound } from '../jobs/stem-job.ts';
import { voiceSound } from '../jobs/voice-job.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import { type Plan, type PlannedOutput, tracksOf } from '../plan/plan.ts';
import { commonEndOf, commonZeroOf } from '../read/common-zero.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { SILENT_BLOCK_BYTES, SILENT_BLOCK_MS } from '../write/audio-timeline.ts';
import { fileZeroOf } from '../write/media-writer.ts';
import { handoffWindow } from './handoff.ts';

/** Three hours of silence are 5.4 MB of Opus in each file that a voice is in, and three hours of 1080p black as much again. */
const FLOOR_BYTES_PER_TRACK = 32 * 2 ** 20;

/** The same of fifty people; tracks of a few hundred bytes could otherwise be had by the thousand. */
const MOST_FLOOR_BYTES = 512 * 2 ** 20;

/** Beside that, what was recorded may be mostly pauses. */
const PER_MEDIA_BYTE = 4;

/** Runs begin on a grid, and a packet more or less takes up drift. */
const GRAIN_BYTES = 64 * 2 ** 10;

/** What a file asks for of silence and black. */
interface Need {
  readonly file: string;
  /** Infinite where it is known only when it is made: the size of black frames. */
  readonly bytes: number;
}

/**
 * How many bytes each output may get that were not recorded, by its file: one budget for all of a run. By default it follows
 * from the media that is there; with `maxOutputBytes` it is what the media leaves of that. Outputs that need little get
 * that, the others the same each: whatever their order, and whatever thread makes them.
 *
 * @param placed by number, all that have packets
 */
export function fillingShares(
  plan: Plan,
  placed: ReadonlyMap<number, PlacedTrack>,
  settings: OutputSettings,
  maxOutputBytes: number | undefined,
): ReadonlyMap<string, number> {
  const window = handoffWindow(placed.values(), settings.zeroUnixMs, plan);
  const needs = plan.outputs.map((output): Need => {
    const tracks = tracksOf(output).flatMap((number) => placed.get(number) ?? []);
    return { file: output.file, bytes: needOf(output, tracks, settings, window) };
  });
  const shares = new Map<string, number>();
  let left = budgetOf(plan, placed, maxOutputBytes);
  needs.sort((a, b) => (a.bytes < b.bytes ? -1 : a.bytes > b.bytes ? 1 : 0));
  for (const [index, { file, bytes }] of needs.entries()) {
    const share = Math.min(bytes, left / (needs.length - index));
    shares.set(file, share);
    left -= share;
  }
  return shares;
}

function budgetOf(
  plan: Plan,
  placed: ReadonlyMap<number, PlacedTrack>,
  maxOutputBytes: number | undefined,
): number {
  const bytesOf = (number: number) => {
    const track = placed.get(number)?.track;
    return track === undefined ? 0 : dumpBytesOf(track);
  };
  if (maxOutputBytes !== undefined) {
    const kept = plan.outputs.filter(isKept).flatMap(tracksOf);
    return Math.max(
      0,
      kept.reduce((left, number) => left - bytesOf(number), maxOutputBytes),
    );
  }
  const media = [...placed.keys()].reduce((sum, number) => sum + bytesOf(number), 0);
  return Math.min(MOST_FLOOR_BYTES, FLOOR_BYTES_PER_TRACK * placed.size) + PER_MEDIA_BYTE * media;
}

/** Made of frames as they were recorded. */
const isKept = ({ kind }: PlannedOutput): boolean => kind === 'audio' || kind === 'video' || kind === 'muxed';

function needOf(
  output: PlannedOutput,
  tracks: readonly PlacedTrack[],
  settings: OutputSettings,
  window: FilmWindow,
): number {
  if (tracks.length === 0) return 0;
  switch (output.kind) {
    case 'audio':
    case 'video':
    case 'muxed': {
      const zeroUnixMs = fileZeroOf(settings, tracks);
      return tracks.reduce((sum, track) => sum + trackNeed(track, zeroUnixMs, settings), 0);
    }
    case 'mix':
      return soundNeedOf(mixSound(output, tracks, settings), tracks).bytes;
    case 'voice':
      return soundNeedOf(voiceSound(window.zeroUnixMs), tracks).bytes;
    case 'composite': {
      const zeroUnixMs = commonZeroOf(tracks, settings.zeroUnixMs);
      return filmNeedOf(commonEndOf(tracks, zeroUnixMs) - zeroUnixMs, tracks).bytes;
    }
    case 'stem':
      return soundNeedOf(stemSound(output, tracks, window), tracks).bytes;
    case 'proxy':
      return filmNeedOf(commonEndOf(tracks, window.zeroUnixMs) - window.zeroUnixMs, tracks).bytes;
    case 'turns':
    case 'captions':
    case 'chapters':
    case 'scenes':
    case 'timeline':
      return 0;
    default:
      return output satisfies never;
  }
}

/** Sound may be silent all along but for its packets; pictures need black where runs are apart. */
function trackNeed({ track, runs }: PlacedTrack, zeroUnixMs: number, { plan }: OutputSettings): number {
  let endMs = zeroUnixMs;
  let gapMs = 0;
  for (const run of runs) {
    if (run.boundary !== 'none') gapMs += Math.max(0, run.startMs - endMs);
    endMs = Math.max(endMs, run.endMs);
  }
  if (track.kind === 'audio')
    return ((endMs - zeroUnixMs) / SILENT_BLOCK_MS) * SILENT_BLOCK_BYTES + GRAIN_BYTES;
  return plan.gaps === 'fill' && gapMs > 0 ? Number.POSITIVE_INFINITY : 0;
}
