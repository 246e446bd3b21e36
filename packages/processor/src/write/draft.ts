import { createDepacketizer, type Depacketizer, type MediaPacket } from '@rawreel/rtp';
import type { PlannedSegment } from '../plan/plan.ts';
import { describeTrack } from '../report/describe-track.ts';
import type { Finding, ReportedFile } from '../report/report.ts';
import type { TrackJob } from '../run/track-job.ts';
import { clockRateOf, formatParameters } from '../scan/dump-packets.ts';
import type { ScanTap, SegmentScan } from '../scan/scan-track.ts';
import type { TrackRun } from '../time/place-track.ts';
import { outputOf, type TrackOutput } from './track-output.ts';
import { VideoTrack } from './video-track.ts';

/**
 * A video track written while it is scanned, on the bet that its clock runs through: then every frame's place in the file
 * is known from the packets before it, and only the file's absolute start is learnt at the end. That saves copying the
 * inflated dump and reading it a second time, a fifth of all work.
 *
 * The bet is on for a track of one segment whose file begins with it. It is lost when the packets part into runs or their
 * clock is broken: then the draft is thrown away, and the track is written from a second reading.
 */
export class Draft implements ScanTap {
  readonly #job: TrackJob;
  readonly #output: TrackOutput;
  readonly #media: VideoTrack;
  readonly #depacketizer: Depacketizer;
  readonly #msPerTick: number;
  #firstTicks: number | undefined;
  #isLost = false;

  /** The draft of a job, or undefined where there is nothing to bet on. */
  static of(job: TrackJob): Draft | undefined {
    const [segment, ...others] = job.output.track.segments;
    const isBet = job.output.kind === 'video' && job.plan.align === 'track' && others.length === 0;
    return isBet && segment?.codec !== undefined ? new Draft(job, segment.codec, segment) : undefined;
  }

  private constructor(job: TrackJob, codec: NonNullable<PlannedSegment['codec']>, { sdp }: PlannedSegment) {
    this.#job = job;
    this.#output = outputOf(job, job.zeroUnixMs);
    this.#media = new VideoTrack({
      gaps: job.plan.gaps,
      write: this.#output.add.bind(this.#output),
      ...(job.ffmpegPath === undefined ? {} : { ffmpegPath: job.ffmpegPath }),
    });
    const fmtp = formatParameters(codec, sdp);
    this.#depacketizer = createDepacketizer(codec, fmtp === undefined ? {} : { fmtp });
    this.#msPerTick = 1000 / clockRateOf(codec);
  }

  packet(packet: MediaPacket): void {
    this.#firstTicks ??= packet.rtpTicks;
    if (packet.run > 0) this.#isLost = true;
    if (!this.#isLost) this.#depacketizer.push(packet);
  }

  async chunk(): Promise<void> {
    for (let frame = this.#depacketizer.pull(); frame !== undefined; frame = this.#depacketizer.pull()) {
      if (this.#isLost) continue;
      const boundary = this.#output.isStarted ? 'none' : 'before-key-frame';
      if (!this.#output.isStarted) this.#output.start(this.#media.entry(frame));
      const atMs = (frame.rtpTicks - (this.#firstTicks ?? 0)) * this.#msPerTick;
      const pending = this.#media.add(frame, { atMs, runAtMs: 0 }, boundary);
      if (pending !== undefined) await pending;
    }
  }

  /** The finished file, if the bet is won; undefined if the track has to be written from a second reading. */
  async finish(scans: readonly SegmentScan[], runs: readonly TrackRun[]): Promise<ReportedFile | undefined> {
    const [run, ...others] = runs;
    const codec = scans[0]?.segment.codec;
    if (this.#isLost || run === undefined || codec === undefined) return undefined;
    if (others.length > 0 || run.msPerTick !== this.#msPerTick) return undefined;
    this.#depacketizer.flush();
    await this.chunk();
    this.#media.count(this.#depacketizer.statistics);
    this.#media.finish();
    const fileZeroMs = run.startMs;
    const made = await this.#output.finish(fileZeroMs);
    if (made === undefined) return undefined;
    return describeTrack(this.#job, { codec, fileZeroMs, scans, made, media: this.#media.report() });
  }

  problems(): Finding[] {
    return this.#media.findings();
  }

  close(): void {
    this.#output.close();
  }
}
