import { closeSync, linkSync, openSync, writeSync } from 'node:fs';
import { dateUtc } from '@rawreel/matroska';
import { CODECS, type Codec, createDepacketizer, type Depacketizer, type MediaPacket } from '@rawreel/rtp';
import { diskFull } from '../disk-full.ts';
import { BlackFrames } from '../ffmpeg/black-frames.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { PlannedTrack } from '../plan/plan.ts';
import type { CopiedFrames } from '../read/copied-frames.ts';
import { CopiedFramesWriter } from '../read/copied-frames-writer.ts';
import { formatParameters } from '../read/dump-packets.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { SegmentScan } from '../read/segment-scan.ts';
import { countsOf } from '../read/why-no-frame.ts';
import type { MediaReport } from '../report/report.ts';
import type { ScanTap } from '../scan/scan-track.ts';
import type { Finding } from '../track-problem.ts';
import { titleAndTags } from '../write/file-tags.ts';
import { type FinishedFile, MediaFile } from '../write/media-file.ts';
import { VideoTrack } from '../write/video-track.ts';
import { SharedFrames } from './shared-frames.ts';

/** A draft that came true as far as the scan could tell: whole but for its start. */
export interface DraftedFile extends FinishedFile {
  readonly path: string;
  readonly media: MediaReport;
  readonly findings: readonly Finding[];
  /** Its frames, for other files of the same track. */
  readonly frames?: CopiedFrames | undefined;
}

/** What the clock solve may move the end of a draft by: no more than rounding to milliseconds does. */
const MOST_DRIFT_MS = 2;

/**
 * A video track written while it is scanned, on the bet that its clock runs through and true: then every frame's place in
 * the file is known from the packets before it, and only the file's absolute start is learnt at the end. That saves
 * copying the inflated dump and reading it a second time, a fifth of all work.
 *
 * The bet is lost when the packets part into runs, or when the solve finds their clock drifting or broken: then the draft
 * is thrown away, and the track is written from a second reading.
 */
export class Draft implements ScanTap {
  readonly #path: string;
  readonly #file: MediaFile;
  readonly #media: VideoTrack;
  #depacketizer: Depacketizer;
  readonly #frames: CopiedFramesWriter | undefined;
  readonly #msPerTick: number;
  #firstTicks: number | undefined;
  #isLost = false;

  /** The draft of a track, or undefined where there is nothing to bet on. */
  static of(
    settings: OutputSettings,
    track: PlannedTrack,
    path: string,
    copiesFrames = false,
  ): Draft | undefined {
    const [segment, ...others] = track.segments;
    const { align, cut } = settings.plan;
    const isBet = track.kind === 'video' && align === 'track' && cut === undefined && others.length === 0;
    return isBet && segment?.codec !== undefined
      ? new Draft(settings, track, path, copiesFrames, segment.codec, segment.sdp)
      : undefined;
  }

  private constructor(
    settings: OutputSettings,
    track: PlannedTrack,
    path: string,
    copiesFrames: boolean,
    codec: Codec,
    sdp?: string,
  ) {
    this.#path = path;
    this.#frames = copiesFrames ? new CopiedFramesWriter(`${path}.index`) : undefined;
    this.#file = new MediaFile({
      ...titleAndTags(settings.plan.call, [track]),
      path,
      docType: 'matroska',
      startsAtMs: settings.zeroUnixMs,
      writingApp: settings.madeBy,
    });
    this.#media = new VideoTrack({
      gaps: settings.plan.gaps,
      black: new BlackFrames(settings.workFolder, settings.ffmpegPath),
      write: (frame) => {
        this.#file.add(1, frame);
        this.#frames?.written(frame.chunks, this.#file.frameEnd);
      },
    });
    const fmtp = formatParameters(codec, sdp);
    this.#depacketizer = createDepacketizer(codec, fmtp === undefined ? {} : { fmtp });
    this.#msPerTick = 1000 / CODECS[codec].clockRate;
  }

  /** For somebody who sees every packet first, and wants the frames, too. */
  sharedFrames(): Depacketizer {
    const shared = new SharedFrames(this.#depacketizer);
    this.#depacketizer = shared.behind;
    return shared;
  }

  packet(packet: MediaPacket): void {
    this.#firstTicks ??= packet.rtpTicks;
    if (packet.run > 0) this.#isLost = true;
    if (!this.#isLost) this.#depacketizer.push(packet);
  }

  chunk(): Promise<void> {
    return this.#unlessFull(() => this.#write());
  }

  /** Scanning goes on where the disk is full: the track may still have its place in other files. */
  async #unlessFull<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (diskFull(error, this.#path) === undefined) throw error;
      this.#isLost = true;
      this.close();
      return undefined;
    }
  }

  async #write(): Promise<void> {
    for (let frame = this.#depacketizer.pull(); frame !== undefined; frame = this.#depacketizer.pull()) {
      if (this.#isLost) continue;
      const boundary = this.#file.isStarted ? 'none' : 'before-start';
      if (!this.#file.isStarted) this.#file.start([this.#media.entry(frame)]);
      this.#frames?.expect(frame);
      const atMs = (frame.rtpTicks - (this.#firstTicks ?? 0)) * this.#msPerTick;
      const pending = this.#media.add(frame, { atMs, runAtMs: 0 }, boundary);
      if (pending !== undefined) await pending;
    }
  }

  /** The file but for its start, if the bet still holds behind the last packet. */
  async finish(scans: readonly SegmentScan[]): Promise<DraftedFile | undefined> {
    if (this.#isLost || scans.flatMap(({ runs }) => runs).length !== 1) return undefined;
    return await this.#unlessFull(() => this.#finish());
  }

  async #finish(): Promise<DraftedFile | undefined> {
    this.#depacketizer.flush();
    await this.#write();
    this.#media.count(this.#depacketizer.statistics);
    this.#media.finish();
    const made = await this.#file.finish();
    if (made === undefined) return undefined;
    return {
      ...{ ...made, path: this.#path, frames: this.#copied() },
      ...{ media: this.#media.report(), findings: this.#media.findings() },
    };
  }

  /** A second name for the file, which others read from after it has got its place. */
  #copied(): CopiedFrames | undefined {
    const found = this.#frames?.finish();
    if (found === undefined) return undefined;
    const path = `${this.#path}.frames`;
    try {
      linkSync(this.#path, path);
    } catch {
      // Not every file system has links; the dump can be read again.
      return undefined;
    }
    return { ...found, path, counts: countsOf(this.#depacketizer) };
  }

  close(): void {
    this.#file.close();
    this.#frames?.[Symbol.dispose]();
  }
}

/** Whether the solve left the draft's times as they are. */
export function isConfirmed({ codec, runs }: PlacedTrack): boolean {
  const [run, ...others] = runs;
  if (run === undefined || others.length > 0) return false;
  const ticksPerMs = CODECS[codec].clockRate / 1000;
  return (
    run.clock.every(
      ({ firstTicks, startMs }, index) =>
        (index === 0 || run.clock[index]?.goesOn) &&
        Math.abs(startMs - run.startMs - (firstTicks - run.firstTicks) / ticksPerMs) <= MOST_DRIFT_MS,
    ) && Math.abs(run.endMs - run.startMs - (run.endTicks - run.firstTicks) / ticksPerMs) <= MOST_DRIFT_MS
  );
}

/** Writes the start that the solve has found into a drafted file. */
export function setStart({ path, startPosition }: DraftedFile, startsAtMs: number): void {
  const descriptor = openSync(path, 'r+');
  try {
    writeSync(descriptor, dateUtc(startsAtMs), 0, undefined, startPosition);
  } finally {
    closeSync(descriptor);
  }
}
