import type { DraftedFile } from '../jobs/draft.ts';
import { dumpBytesOf, type JobEvents } from '../jobs/job.ts';
import type { ScanResult } from '../jobs/scan-job.ts';
import { codecChange, silenceOf } from '../jobs/silent-tracks.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import { type Plan, type PlannedOutput, type PlannedTrack, tracksOf } from '../plan/plan.ts';
import type { FetchDumps } from '../read/open-dump.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { Workers } from './workers.ts';

export interface ScanStageOptions {
  readonly settings: OutputSettings;
  readonly verify: boolean;
  readonly fetch?: FetchDumps | undefined;
}

/** What scanning the tracks of a plan has told, by their numbers. */
export interface ScannedTracks {
  readonly results: ReadonlyMap<number, ScanResult>;
  readonly drafts: ReadonlyMap<number, DraftedFile>;
  /** Why nothing comes of a track: it could not be scanned, or holds nothing that can be used. */
  readonly unusable: ReadonlyMap<number, unknown>;
  /** Tracks of which all was sent in another codec: the file of that one stands for theirs. */
  readonly replaced: ReadonlySet<number>;
  readonly problems: readonly TrackProblem[];
}

/**
 * Scans the tracks of a plan: those that are certain, then those that exist only if a sender changed its codec.
 *
 * @param outputs those to be made
 * @throws the signal's reason; what goes wrong with a track is its own affair
 */
export async function scanTracks(
  plan: Plan,
  outputs: readonly PlannedOutput[],
  options: ScanStageOptions,
  workers: Workers,
  events: JobEvents,
): Promise<ScannedTracks> {
  return await new TracksScan(plan, outputs, options, workers, events).scan();
}

/** What reads nothing but frames of a video track. */
const FRAME_READERS: ReadonlySet<PlannedOutput['kind']> = new Set([
  'video',
  'muxed',
  'proxy',
  'timeline',
  'composite',
  'captions',
  'chapters',
  'scenes',
]);

class TracksScan implements ScannedTracks {
  readonly results = new Map<number, ScanResult>();
  readonly drafts = new Map<number, DraftedFile>();
  readonly unusable = new Map<number, unknown>();
  readonly replaced = new Set<number>();
  readonly problems: TrackProblem[] = [];
  readonly #plan: Plan;
  readonly #outputsOfTracks: ReadonlyMap<number, readonly PlannedOutput[]>;
  readonly #options: ScanStageOptions;
  readonly #workers: Workers;
  readonly #events: JobEvents;

  constructor(
    plan: Plan,
    outputs: readonly PlannedOutput[],
    options: ScanStageOptions,
    workers: Workers,
    events: JobEvents,
  ) {
    this.#plan = plan;
    this.#outputsOfTracks = outputsOfTracks(outputs);
    this.#options = options;
    this.#workers = workers;
    this.#events = events;
  }

  /** The longest first, so that none is left to run alone at the end. */
  async scan(): Promise<ScannedTracks> {
    const jobs = [...this.#plan.tracks.entries()].sort(([, a], [, b]) => dumpBytesOf(b) - dumpBytesOf(a));
    const certain = jobs.filter(([, { ifSent }]) => ifSent === undefined);
    await Promise.allSettled(certain.map(([number, track]) => this.#scanTrack(number, track)));
    this.#events.signal?.throwIfAborted();
    const sent = jobs.filter(([, track]) => track.ifSent === true && this.#wasSent(track));
    await Promise.allSettled(sent.map(([number, track]) => this.#scanTrack(number, track)));
    this.#events.signal?.throwIfAborted();
    return this;
  }

  async #scanTrack(number: number, track: PlannedTrack): Promise<void> {
    const users = this.#outputsOfTracks.get(number) ?? [];
    const drafted = users.filter(({ kind }) => kind === 'video').length;
    try {
      await this.#fetch(track);
      const result = await this.#workers.scan({
        settings: this.#options.settings,
        track,
        number,
        mayDraft: drafted > 0,
        readers: users.length - drafted + (this.#options.verify ? 1 : 0),
        wantFrames: !this.#options.verify && users.every(({ kind }) => FRAME_READERS.has(kind)),
        isMixed: users.some(({ kind }) => kind === 'mix' || kind === 'composite'),
      });
      this.results.set(number, result);
      if (result.draft !== undefined) this.drafts.set(number, result.draft);
      const changes = result.scans.flatMap((scan) => codecChange(track, scan));
      const silence = silenceOf(track, result.scans);
      if (silence !== undefined) this.unusable.set(number, silence);
      if (silence !== undefined && changes.length > 0) this.replaced.add(number);
      if (users.length === 0 && this.#options.settings.inspect !== true) return;
      const { userId, sessionId, trackId } = track;
      const found = result.scans.flatMap((scan) => scan.problems);
      // Said of the whole track, it need not be said of each segment.
      const told = found.filter(({ code }) => code !== 'DUMP_NO_MEDIA' || silence === undefined);
      const problems = told.map((problem) => ({ ...problem, userId, sessionId, trackId }));
      this.problems.push(...(track.ifSent ? problems.filter(isNoRepetition) : [...problems, ...changes]));
    } catch (error) {
      this.unusable.set(number, error);
    }
  }

  /** Whether the segments of a track that may have changed its codec have packets of this one, as scanning them has told. */
  #wasSent({ userId, sessionId, trackId, segments }: PlannedTrack): boolean {
    return [...this.results].some(([number, { scans }]) => {
      const scanned = this.#plan.tracks[number];
      const isSame =
        scanned?.userId === userId && scanned.sessionId === sessionId && scanned.trackId === trackId;
      return (
        isSame &&
        scans.some(({ otherCodecs }) => segments.some(({ codec }) => codec && otherCodecs.includes(codec)))
      );
    });
  }

  async #fetch({ segments }: PlannedTrack): Promise<void> {
    const dumps = segments.flatMap(({ dump }) => dump ?? []);
    await this.#options.fetch?.(dumps, this.#events.signal);
  }
}

function outputsOfTracks(outputs: readonly PlannedOutput[]): ReadonlyMap<number, readonly PlannedOutput[]> {
  const found = new Map<number, PlannedOutput[]>();
  for (const output of outputs) {
    for (const number of new Set(tracksOf(output))) {
      const others = found.get(number);
      if (others === undefined) found.set(number, [output]);
      else others.push(output);
    }
  }
  return found;
}

/** The bytes of a dump were judged when its own codec was looked for. */
const isNoRepetition = ({ code }: TrackProblem): boolean => code === 'SPOOL_NO_ROOM';
