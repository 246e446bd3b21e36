import { join } from 'node:path';
import { CODEC_IDS, type TrackEntry } from '@rawreel/matroska';
import { type Codec, type CodedFrame, opusHead, type Rotation, type VideoParameters } from '@rawreel/rtp';
import { encodeBlackFrame } from '../ffmpeg/black-frame.ts';
import type { Plan, PlannedOutput, PlannedTrack } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { PacketCounts, ReportedFile, ReportedGap, TrackProblem } from '../report/report.ts';
import { clockRateOf } from '../scan/dump-packets.ts';
import { type SegmentScan, scanTrack } from '../scan/scan-track.ts';
import { type PlacedRun, placeRuns, unixMsOf } from '../time/place-runs.ts';
import { AudioTimeline } from '../write/audio-timeline.ts';
import { readFrames } from '../write/segment-frames.ts';
import { TrackOutput } from '../write/track-output.ts';
import { type BlackFrames, VideoTimeline } from '../write/video-timeline.ts';
import type { ProgressEvent } from './progress.ts';

/** All that one worker needs to make one output: plain values. */
export interface TrackJob {
  readonly plan: Pick<Plan, 'call' | 'gaps' | 'dtx' | 'align'>;
  readonly zeroUnixMs: number;
  readonly output: PlannedOutput;
  readonly workFolder: string;
  /** Name, unique in the work folder, of the unfinished output. */
  readonly temporaryName: string;
  readonly maxEntrySize?: number;
  readonly ffmpegPath?: string;
  readonly writingApp: string;
}

/** What became of a job: a file in the work folder, or the reason why there is none. */
export interface TrackResult {
  readonly file?: ReportedFile;
  readonly problems: readonly TrackProblem[];
}

export interface TrackJobEvents {
  readonly signal?: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}

/** Opus frames are multiples of 2.5 ms: on this grid every gap can be filled to the sample. */
const SAMPLE_GRID = 120;

/** Overlaps shorter than this come from jitter and round to nothing that anybody lost. */
const OVERLAP_WORTH_TELLING_MS = 100;

/** Scans, places and writes one track. */
export async function makeTrack(job: TrackJob, events: TrackJobEvents): Promise<TrackResult> {
  const { track } = job.output;
  const totalBytes = track.segments.reduce((sum, { dump }) => sum + (dump?.size ?? 0), 0);
  const meter = (stage: 'scan' | 'write') => {
    let bytes = 0;
    return (more: number) => {
      bytes += more;
      events.onProgress({ type: 'track-progress', file: job.output.file, stage, bytes, totalBytes });
    };
  };
  events.onProgress({ type: 'track-started', file: job.output.file, totalBytes });
  const scans = await scanTrack(track.segments, {
    workFolder: job.workFolder,
    prefix: `${job.temporaryName}-spool`,
    nearMs: job.zeroUnixMs,
    onBytes: meter('scan'),
    ...passedOn(job, events),
  });
  const writer = new TrackWriter(job, scans);
  try {
    const file = await writer.write(meter('write'), events);
    const own = { userId: track.userId, sessionId: track.sessionId, trackId: track.trackId };
    const problems = [...scans.flatMap((scan) => scan.problems), ...writer.problems()];
    return {
      problems: problems.map((problem) => ({ ...problem, ...own })),
      ...(file === undefined ? {} : { file }),
    };
  } finally {
    writer.close();
  }
}

const passedOn = ({ maxEntrySize }: TrackJob, { signal }: TrackJobEvents) => ({
  ...(signal === undefined ? {} : { signal }),
  ...(maxEntrySize === undefined ? {} : { maxEntrySize }),
});

/** Why there is time before the first frame of a run. */
interface Placement {
  readonly run: PlacedRun;
  readonly boundary: ReportedGap['reason'] | 'none';
  /** Unix ms from which the next segment has the word. */
  readonly untilMs: number;
}

class TrackWriter {
  readonly #job: TrackJob;
  readonly #scans: readonly SegmentScan[];
  readonly #placed: readonly PlacedRun[];
  readonly #placements: ReadonlyMap<PlacedRun, Placement>;
  readonly #fileZeroMs: number;
  readonly #output: TrackOutput;
  readonly #audio: AudioTimeline;
  readonly #video: VideoTimeline;
  readonly #leftOut = { incomplete: 0, undecodable: 0, beforeKeyFrame: 0 };
  readonly #sizes: { width: number; height: number }[] = [];
  readonly #rotations: Rotation[] = [];
  #codec: Codec | undefined;
  #lastRun: PlacedRun | undefined;
  #overlapMs = 0;
  #fillerFailure: string | undefined;

  constructor(job: TrackJob, scans: readonly SegmentScan[]) {
    this.#job = job;
    this.#scans = scans;
    const codec = scans.find(({ runs }) => runs.length > 0)?.segment.codec;
    const runs = scans.flatMap((scan) => scan.runs);
    this.#placed = codec === undefined ? [] : placeRuns(runs, clockRateOf(codec));
    this.#placements = placementsOf(this.#placed, scans);
    const startMs = this.#placed[0]?.startMs ?? job.zeroUnixMs;
    this.#fileZeroMs = job.plan.align === 'recording' ? job.zeroUnixMs : startMs;
    this.#output = new TrackOutput({
      path: join(job.workFolder, job.temporaryName),
      title: titleOf(job),
      startsAtMs: this.#fileZeroMs,
      tags: tagsOf(job),
      writingApp: job.writingApp,
    });
    const write = this.#output.add.bind(this.#output);
    const channels = this.#channels;
    this.#audio = new AudioTimeline({ channels, gaps: job.plan.gaps, dtx: job.plan.dtx, write });
    this.#video = new VideoTimeline({ gaps: job.plan.gaps, black: this.#blackFrames(), write });
  }

  get #channels(): 1 | 2 {
    return this.#scans.some(({ stereo }) => stereo) ? 2 : 1;
  }

  async write(
    onBytes: (bytes: number) => void,
    { signal }: TrackJobEvents,
  ): Promise<ReportedFile | undefined> {
    for (const [index, { segment, spool }] of this.#scans.entries()) {
      const runs = new Map(this.#placed.filter((run) => run.segment === index).map((run) => [run.run, run]));
      if (runs.size === 0) continue;
      this.#codec ??= segment.codec;
      const counts = await readFrames(
        {
          segment,
          runs,
          onBytes,
          ...(spool === undefined ? {} : { spool }),
          ...passedOn(
            this.#job,
            signal === undefined ? { onProgress: () => undefined } : { signal, onProgress: () => undefined },
          ),
        },
        (frame, run) => this.#take(frame, run),
      );
      this.#leftOut.incomplete += counts?.framesIncomplete ?? 0;
      this.#leftOut.undecodable += counts?.framesUndecodable ?? 0;
      this.#leftOut.beforeKeyFrame += counts?.framesBeforeKeyFrame ?? 0;
    }
    this.#audio.finish();
    this.#video.finish();
    const made = await this.#output.finish();
    return made === undefined ? undefined : this.#report(made);
  }

  close(): void {
    this.#output.close();
  }

  #take(frame: CodedFrame, run: PlacedRun): void | Promise<void> {
    const placement = this.#placements.get(run);
    if (placement === undefined) return;
    const unixMs = unixMsOf(run, frame.rtpTicks);
    if (unixMs >= placement.untilMs) {
      this.#overlapMs = Math.max(this.#overlapMs, run.endMs - placement.untilMs);
      return;
    }
    if (!this.#output.isStarted) this.#output.start(this.#trackEntry(frame));
    const boundary = run === this.#lastRun ? 'none' : placement.boundary;
    this.#lastRun = run;
    if (frame.parameters.codec === 'opus') {
      this.#audio.add(frame, this.#startSamples(run, frame), boundary);
      return;
    }
    this.#noteLooks(frame, frame.parameters);
    return this.#video.add(frame, unixMs - this.#fileZeroMs, boundary);
  }

  /** Runs begin on the sample grid, and samples are counted from there: what is rounded is rounded once a run. */
  #startSamples(run: PlacedRun, frame: CodedFrame): number {
    const samplesPerMs = 48;
    const runStart =
      Math.round(((run.startMs - this.#fileZeroMs) * samplesPerMs) / SAMPLE_GRID) * SAMPLE_GRID;
    return runStart + Math.round((frame.rtpTicks - run.firstTicks) * run.msPerTick * samplesPerMs);
  }

  #noteLooks(frame: CodedFrame, { width, height }: VideoParameters): void {
    const size = this.#sizes.at(-1);
    if (size?.width !== width || size.height !== height) this.#sizes.push({ width, height });
    if (this.#rotations.at(-1) !== frame.rotation) this.#rotations.push(frame.rotation);
  }

  #trackEntry(frame: CodedFrame): TrackEntry {
    const { parameters } = frame;
    if (parameters.codec === 'opus') {
      const channels = this.#channels;
      return {
        kind: 'audio',
        codecId: CODEC_IDS.opus,
        channels,
        samplingFrequency: 48_000,
        codecPrivate: opusHead({ channels }),
      };
    }
    return {
      kind: 'video',
      codecId: CODEC_IDS[parameters.codec],
      pixelWidth: parameters.width,
      pixelHeight: parameters.height,
      ...(frame.rotation === 0 ? {} : { rotation: frame.rotation }),
      ...(parameters.codecPrivate === undefined ? {} : { codecPrivate: parameters.codecPrivate }),
    };
  }

  #blackFrames(): BlackFrames {
    const made = new Map<string, Promise<Uint8Array | undefined>>();
    return (parameters) => {
      const { codec, profile, width, height, bitDepth, chroma } = parameters;
      const key = JSON.stringify([codec, profile, width, height, bitDepth, chroma]);
      const known = made.get(key);
      if (known !== undefined) return known;
      const encoding = encodeBlackFrame(parameters, this.#job.ffmpegPath).catch((error: unknown) => {
        this.#fillerFailure = (error as Error).message;
        return undefined;
      });
      made.set(key, encoding);
      return encoding;
    };
  }

  problems(): TrackProblem[] {
    const problems: TrackProblem[] = [];
    const note = (code: TrackProblem['code'], message: string) =>
      problems.push({ code, severity: 'notice', message });
    const overlapMs = this.#overlapMs + this.#audio.summary.trimmedMs;
    if (overlapMs >= OVERLAP_WORTH_TELLING_MS) {
      note(
        'SEGMENTS_OVERLAP',
        `segments overlap by ${Math.round(overlapMs)} ms; each moment was taken from one of them`,
      );
    }
    if (this.#video.summary.blackMissing) {
      note(
        'FILLER_UNAVAILABLE',
        `no black frames, the last picture stands in gaps: ffmpeg did not make one (${this.#fillerFailure ?? 'unknown'})`,
      );
    }
    if (this.#rotations.length > 1) {
      note(
        'ROTATION_CHANGES',
        `the sender turned its camera: ${this.#rotations.map((rotation) => `${rotation}°`).join(', ')}; the file says the first for all`,
      );
    }
    if (this.#placed.length > 0 && this.#lastRun === undefined) {
      note(
        'DUMP_NO_MEDIA',
        `no frame of this track can be decoded: ${this.#leftOut.beforeKeyFrame} came before any key frame, ${this.#leftOut.incomplete} are incomplete`,
      );
    }
    return problems;
  }

  #report(made: { durationMs: number; byteLength: number; sha256: string }): ReportedFile {
    const { output, zeroUnixMs } = this.#job;
    const { track } = output;
    const isAudio = output.kind === 'audio';
    const timeline = isAudio ? this.#audio.summary : this.#video.summary;
    return {
      kind: output.kind,
      path: output.file,
      userId: track.userId,
      sessionId: track.sessionId,
      trackId: track.trackId,
      trackType: track.trackType,
      codec: this.#codec as Codec,
      startsAt: new Date(this.#fileZeroMs).toISOString(),
      offsetMs: tenths(this.#fileZeroMs - zeroUnixMs),
      durationMs: tenths(made.durationMs),
      byteLength: made.byteLength,
      sha256: made.sha256,
      frames: timeline.frames,
      ...(isAudio
        ? { channels: this.#channels, concealed: this.#audio.summary.concealed }
        : { sizes: this.#sizes, rotation: this.#rotations[0] ?? 0, framesLeftOut: { ...this.#leftOut } }),
      packets: sumPackets(this.#scans),
      gaps: [...timeline.gaps, ...missingSegments(track, this.#fileZeroMs)].map((gap) => ({
        ...gap,
        startMs: tenths(gap.startMs),
        endMs: tenths(gap.endMs),
      })),
      segments: track.segments.length,
    };
  }
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** Joins each run with the reason for the time before it, and the moment at which a later segment takes over. */
function placementsOf(
  placed: readonly PlacedRun[],
  scans: readonly SegmentScan[],
): Map<PlacedRun, Placement> {
  const placements = new Map<PlacedRun, Placement>();
  placed.forEach((run, index) => {
    const next = placed.find((later, at) => at > index && later.segment > run.segment);
    const untilMs = next === undefined ? Number.POSITIVE_INFINITY : Math.max(next.startMs, run.startMs + 1);
    placements.set(run, { run, boundary: boundaryBefore(run, placed[index - 1], scans), untilMs });
  });
  return placements;
}

function boundaryBefore(
  run: PlacedRun,
  previous: PlacedRun | undefined,
  scans: readonly SegmentScan[],
): Placement['boundary'] {
  if (previous === undefined) return 'before-key-frame';
  if (previous.segment === run.segment) return run.source === 'continuous' ? 'none' : 'source-silent';
  const between = scans.slice(previous.segment + 1, run.segment);
  return between.length > 0 ? 'segment-missing' : 'between-segments';
}

/** Segments without a dump that no segment follows: nothing is made for them, but they are told. */
function missingSegments(track: PlannedTrack, fileZeroMs: number): ReportedGap[] {
  return track.segments.flatMap(({ dump, timing }): ReportedGap[] => {
    const { firstRtpUnixMs, lastRtpUnixMs } = timing;
    if (dump !== undefined || firstRtpUnixMs === undefined || lastRtpUnixMs === undefined) return [];
    return [
      {
        startMs: firstRtpUnixMs - fileZeroMs,
        endMs: lastRtpUnixMs - fileZeroMs,
        reason: 'segment-missing',
        filledWith: 'nothing',
      },
    ];
  });
}

function sumPackets(scans: readonly SegmentScan[]): PacketCounts {
  const sum: { -readonly [K in keyof PacketCounts]: number } = {
    received: 0,
    lost: 0,
    late: 0,
    duplicate: 0,
    reordered: 0,
    recovered: 0,
    padding: 0,
    foreign: 0,
    malformed: 0,
  };
  for (const { statistics } of scans) {
    if (statistics === undefined) continue;
    for (const key of Object.keys(sum) as (keyof PacketCounts)[]) sum[key] += statistics[key];
  }
  return sum;
}

function titleOf({ output: { track }, plan: { call } }: TrackJob): string {
  const what = `${track.screenshare ? 'screen share ' : ''}${track.kind}`;
  return `${track.userId} · ${what} · ${call.type}:${call.id}`;
}

function tagsOf({ output: { track }, plan: { call } }: TrackJob): Record<string, string> {
  return {
    CALL_TYPE: call.type,
    CALL_ID: call.id,
    CALL_SESSION_ID: call.sessionId,
    USER_ID: track.userId,
    SESSION_ID: track.sessionId,
    TRACK_ID: track.trackId,
    TRACK_TYPE: track.trackType,
  };
}

/** A failure that names its output; aborts pass as they are. */
export function trackFailed(job: TrackJob, cause: unknown): ProcessorError {
  if (cause instanceof ProcessorError) return cause;
  return new ProcessorError('ERR_TRACK_FAILED', `${job.output.file}: ${(cause as Error).message}`, { cause });
}
