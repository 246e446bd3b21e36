import type { Recording } from '@rawreel/archive';
import { Anonymous } from '../inspect/anonymous.ts';
import type { RecordsOptions } from '../inspect/lines/dump-records.ts';
import { type FrameLine, frameLines } from '../inspect/lines/frame-lines.ts';
import { type PacketLine, packetLines } from '../inspect/lines/packet-lines.ts';
import { captureOf } from '../inspect/pcap/capture.ts';
import type { Plan, PlannedTrack } from '../plan/plan.ts';
import { planTracks } from '../plan/plan-tracks.ts';
import { earliestDumpStart } from './earliest-dump-start.ts';
import type { InspectOptions } from './inspect-recording.ts';

/** Which tracks are read, and how: nothing is scanned first. */
export type ReadOptions = Omit<InspectOptions, 'onProgress' | 'workers'>;

/**
 * Every packet of the tracks, track behind track, as it arrived and what became of it; some hundred at a time.
 *
 * @throws {ProcessorError} as `inspectRecording`
 */
export const packetLinesOf = (
  recording: Recording,
  options: ReadOptions = {},
): AsyncGenerator<readonly PacketLine[]> => linesOf(recording, options, packetLines);

/**
 * Every frame of the tracks that a decoder can take, track behind track; of several layers (simulcast), layer behind layer.
 *
 * @throws {ProcessorError} as `inspectRecording`
 */
export const frameLinesOf = (
  recording: Recording,
  options: ReadOptions = {},
): AsyncGenerator<readonly FrameLine[]> => linesOf(recording, options, frameLines);

/** The tracks' packets as the bytes of a pcapng file, for Wireshark; payloads, too, whoever is anonymous. */
export async function* captureRecording(
  recording: Recording,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  const { plan, reading } = await readingOf(recording, options);
  yield* captureOf(plan, reading, options.anonymous === true);
}

async function* linesOf<Line>(
  recording: Recording,
  options: ReadOptions,
  lines: (track: PlannedTrack, options: RecordsOptions) => AsyncGenerator<readonly Line[]>,
): AsyncGenerator<readonly Line[]> {
  const { plan, reading } = await readingOf(recording, options);
  for (const track of plan.tracks) yield* lines(track, reading);
}

async function readingOf(
  recording: Recording,
  options: ReadOptions,
): Promise<{ readonly plan: Plan; readonly reading: RecordsOptions }> {
  const all = planTracks(recording, options);
  // What may be in another codec is in the same packets.
  const certain = all.tracks.filter(({ ifSent }) => ifSent !== true);
  const names = new Anonymous();
  const tracks = options.anonymous === true ? certain.map((track) => names.track(track)) : certain;
  const plan = { ...all, tracks };
  const { signal, maxEntrySize, fetch } = options;
  const zeroUnixMs = plan.zeroUnixMs ?? (await earliestDumpStart(plan, options));
  return { plan, reading: { zeroUnixMs, signal, maxEntrySize, fetch } };
}
