import type { MatroskaChapter, TrackEntry } from '@rawreel/matroska';
import { BlackFrames } from '../ffmpeg/black-frames.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { PlannedTrack } from '../plan/plan.ts';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { ReportedTrack } from '../report/report.ts';
import type { TrackProblem } from '../track-problem.ts';
import { titleAndTags, trackName } from './file-tags.ts';
import { FillerAllowance } from './filler-allowance.ts';
import { type FinishedFile, MediaFile } from './media-file.ts';
import { TrackLane } from './track-lane.ts';

export interface WrittenMedia extends FinishedFile {
  /** Unix ms. */
  readonly fileZeroMs: number;
  /** In the order of the file's tracks. */
  readonly tracks: readonly (ReportedTrack & { readonly kind: 'audio' | 'video' })[];
}

/** Unix ms of a file's zero: the recording's or the cut's, or where the first of its tracks begins. */
export const fileZeroOf = ({ plan, zeroUnixMs }: OutputSettings, tracks: readonly PlacedTrack[]): number =>
  plan.align === 'recording'
    ? zeroUnixMs + (plan.cut?.fromMs ?? 0)
    : Math.min(...tracks.map(({ runs }) => runs[0]?.startMs ?? zeroUnixMs));

export interface MediaWriterFile {
  readonly path: string;
  readonly docType: 'matroska' | 'webm';
  /** Whether its tracks say whose they are. Default: not. */
  readonly isNamed?: boolean | undefined;
  /** What is spoken in it, ISO 639-2. */
  readonly language?: string | undefined;
  readonly chapters?: readonly MatroskaChapter[] | undefined;
}

/** Writes placed tracks of one session to one file, frame by frame in the order of time. */
export class MediaWriter {
  readonly #file: MediaFile;
  readonly #tracks: readonly PlacedTrack[];
  readonly #lanes: readonly TrackLane[];
  readonly #fileZeroMs: number;
  readonly #isNamed: boolean;
  readonly #language: string | undefined;
  /** Track numbers in the file; a lane without a frame has none. */
  readonly #numbers = new Map<TrackLane, number>();

  /** @param fillerBytes how much silence and black the file may get */
  constructor(
    settings: OutputSettings,
    tracks: readonly PlacedTrack[],
    { isNamed = false, language, ...file }: MediaWriterFile,
    reading: ReadingOptions,
    fillerBytes = Number.POSITIVE_INFINITY,
  ) {
    const fileZeroMs = fileZeroOf(settings, tracks);
    this.#tracks = tracks;
    this.#fileZeroMs = fileZeroMs;
    this.#isNamed = isNamed;
    this.#language = language;
    this.#file = new MediaFile({
      ...titleAndTags(
        settings.plan.call,
        tracks.map(({ track }) => track),
      ),
      ...file,
      startsAtMs: fileZeroMs,
      writingApp: settings.madeBy,
    });
    const black = new BlackFrames(settings.workFolder, settings.ffmpegPath);
    const allowance = new FillerAllowance(fillerBytes);
    this.#lanes = tracks.map((placed) => {
      const lane: TrackLane = new TrackLane({
        settings,
        placed,
        fileZeroMs,
        reading,
        black,
        allowance,
        write: (frame) => this.#file.add(this.#numbers.get(lane) ?? 0, frame),
      });
      return lane;
    });
  }

  /** @returns undefined where no frame can be written. */
  async write(): Promise<WrittenMedia | undefined> {
    const open = await this.#begin();
    while (open.length > 0) {
      const lane = open.reduce((first, other) => (timeOf(other) < timeOf(first) ? other : first));
      const pending = lane.writeNext();
      if (pending !== undefined) await pending;
      if (lane.next === undefined && !(await lane.refill())) {
        open.splice(open.indexOf(lane), 1);
        lane.finish();
        this.#file.end(this.#numbers.get(lane) ?? 0);
      }
    }
    const made = await this.#file.finish();
    if (made === undefined) return undefined;
    const tracks = this.#tracks.flatMap(({ track: { kind } }, index) => {
      const lane = this.#lanes[index];
      return lane !== undefined && this.#numbers.has(lane) ? [{ kind, ...lane.report() }] : [];
    });
    return { ...made, fileZeroMs: this.#fileZeroMs, tracks };
  }

  /** The tracks of which no frame can be written, and why. */
  get silent(): readonly { readonly track: PlannedTrack; readonly reason: string }[] {
    return this.#tracks.flatMap(({ track }, index) => {
      const lane = this.#lanes[index];
      return lane === undefined || this.#numbers.has(lane) ? [] : [{ track, reason: lane.silence }];
    });
  }

  /** Of the tracks that are in the file. */
  problems(): TrackProblem[] {
    return this.#lanes.flatMap((lane, index) => {
      if (!this.#numbers.has(lane)) return [];
      const { userId, sessionId, trackId } = this.#tracks[index]?.track ?? {};
      const whose = userId === undefined ? {} : { userId, sessionId, trackId };
      return lane.findings().map((finding): TrackProblem => ({ ...finding, ...whose }) as TrackProblem);
    });
  }

  async close(): Promise<void> {
    this.#file.close();
    for (const lane of this.#lanes) await lane.close();
  }

  /** The lanes that have a frame, their tracks declared. */
  async #begin(): Promise<TrackLane[]> {
    const open: TrackLane[] = [];
    for (const lane of this.#lanes) {
      if (await lane.refill()) open.push(lane);
      else lane.finish();
    }
    for (const [index, lane] of open.entries()) this.#numbers.set(lane, index + 1);
    const entries = open.flatMap((lane) => this.#entryOf(lane) ?? []);
    if (entries.length > 0) this.#file.start(entries);
    return open;
  }

  #entryOf(lane: TrackLane): TrackEntry | undefined {
    const entry = lane.entry();
    const track = this.#tracks[this.#lanes.indexOf(lane)]?.track;
    if (entry === undefined || track === undefined || !this.#isNamed) return entry;
    const language = entry.kind === 'audio' ? this.#language : undefined;
    return { ...entry, name: trackName(track), language };
  }
}

const timeOf = (lane: TrackLane): number => lane.next?.unixMs ?? Number.POSITIVE_INFINITY;
