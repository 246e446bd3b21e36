import type { Recording, Track } from '@rawreel/archive';
import type { Codec, CodecParameters, Rotation } from '@rawreel/rtp';
import { noMedia } from '../jobs/silent-tracks.ts';
import { tracksOf } from '../plan/plan.ts';
import { planSelected } from '../plan/plan-recording.ts';
import { noSuch } from '../plan/select-tracks.ts';
import type { FetchDumps } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { TimedFrame } from '../read/timed-frame.ts';
import { TrackFrames } from '../read/track-frames.ts';
import type { Boundary } from '../time/track-runs.ts';
import { earliestDumpStart } from './earliest-dump-start.ts';
import { placeTracks } from './place-tracks.ts';
import { scanTracks } from './scan-tracks.ts';
import { workHere } from './workers.ts';

/** One coded frame of a track, at its time. */
export interface RecordedFrame {
  readonly codec: Codec;
  /**
   * An Opus packet, a VP8 or VP9 frame, an H.264 access unit of NAL units behind their lengths (4 bytes), an AV1 temporal
   * unit without delimiter: what a Matroska block holds. It is the caller's.
   */
  readonly data: Uint8Array;
  readonly keyFrame: boolean;
  /** When it was captured, on the server's clock. */
  readonly unixMs: number;
  /** The same from the recording's zero. */
  readonly atMs: number;
  /** Of sound; a picture lasts until the next. */
  readonly durationMs?: number;
  /** Packets lost since the frame before. */
  readonly lossBefore: number;
  /** Why there may be time without frames before it. */
  readonly gapBefore: Boundary;
  /** What a decoder is set up with; the same object until it changes. */
  readonly parameters: CodecParameters;
  /** How a picture is to be turned, clockwise. */
  readonly rotation: Rotation;
}

export interface FramesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that one entry may inflate to. */
  readonly maxEntrySize?: number | undefined;
}

/** What `recording.track(id)` gives: a track, and its recording, with `fetch` where it is read over a network. */
export interface FrameSource {
  readonly recording: Recording & { readonly fetch?: FetchDumps | undefined };
  readonly track: Track;
}

const OPUS_TICKS_PER_MS = 48;

/**
 * The frames of one track, in the order of decoding, exact in time as in a file that is made of it, and nothing written to
 * disk. What is missing is missing: no silence, no black; a damaged dump ends where the damage begins, which `inspectRecording`
 * names. Of a track whose sender changed the codec, the frames of the first come before those of the next. The track, and the
 * sound of its session, are read once for their clocks before the first frame comes.
 *
 * @throws {ProcessorError} ERR_NO_SUCH_TRACK where the track is not of this recording; ERR_CODEC_UNSUPPORTED, ERR_NO_MEDIA
 * @throws {ArchiveError | StorageError} where reading as a whole fails, as of an archive that is gone; the signal's reason when
 * aborted
 */
export async function* framesOf(
  { recording, track }: FrameSource,
  options: FramesOptions = {},
): AsyncGenerator<RecordedFrame, void> {
  options.signal?.throwIfAborted();
  const { tracks } = recording;
  if (!tracks.includes(track))
    throw noSuch('ERR_NO_SUCH_TRACK', 'track', track.trackId, tracks.map(({ trackId }) => trackId).sort());
  const plan = planSelected(recording, new Set([track]), { outputs: ['audio', 'video'] });
  const reading = { ...options, fetch: recording.fetch };
  const zeroUnixMs = plan.zeroUnixMs ?? (await earliestDumpStart(plan, reading));
  // Nothing is drafted or spooled for an output that is not there.
  const settings = { plan, zeroUnixMs, workFolder: '', madeBy: '', maxEntrySize: options.maxEntrySize };
  const events = { signal: options.signal, onProgress: () => undefined };
  await using workers = workHere(events);
  const scanned = await scanTracks(
    plan,
    [],
    { settings, verify: false, fetch: recording.fetch },
    workers,
    events,
  );
  const { placed } = await placeTracks(plan, scanned, options.signal);
  for (const number of plan.outputs.flatMap(tracksOf)) {
    const found = placed.get(number);
    if (found !== undefined) yield* framesOfPlaced(found, zeroUnixMs, options);
    else if (
      scanned.unusable.has(number) &&
      plan.tracks[number]?.ifSent !== true &&
      !scanned.replaced.has(number)
    )
      throw scanned.unusable.get(number);
  }
}

async function* framesOfPlaced(
  track: PlacedTrack,
  zeroUnixMs: number,
  options: FramesOptions,
): AsyncGenerator<RecordedFrame, void> {
  const frames = new TrackFrames(track, { ...options, onBytes: () => undefined });
  let any = false;
  for await (const batch of frames.batches()) {
    any ||= batch.length > 0;
    for (const frame of batch) {
      options.signal?.throwIfAborted();
      yield recorded(frame, track.codec, zeroUnixMs);
    }
  }
  const [barren] = frames.barren;
  if (!any && barren !== undefined) throw noMedia(track.track, barren.reason);
}

function recorded({ frame, unixMs, boundary }: TimedFrame, codec: Codec, zeroUnixMs: number): RecordedFrame {
  const { durationTicks } = frame;
  return {
    codec,
    data: Buffer.concat(frame.chunks),
    keyFrame: frame.keyFrame,
    unixMs,
    atMs: unixMs - zeroUnixMs,
    ...(durationTicks === undefined ? {} : { durationMs: durationTicks / OPUS_TICKS_PER_MS }),
    lossBefore: frame.lossBefore,
    gapBefore: boundary,
    parameters: frame.parameters,
    rotation: frame.rotation,
  };
}
