import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { CODECS } from '@rawreel/rtp';
import { inTurns } from '../in-turns.ts';
import { dumpBytesOf, dumpBytesOfAll, type JobEvents } from '../jobs/job.ts';
import { mixJob } from '../jobs/mix-job.ts';
import type { ScanResult } from '../jobs/scan-job.ts';
import { codecChange, leftOut, silenceOf } from '../jobs/silent-tracks.ts';
import { muxedBefore, type WriteResult } from '../jobs/write-job.ts';
import {
  type MixOutput,
  type MuxedOutput,
  type Plan,
  type PlannedOutput,
  type PlannedTrack,
  type TrackOutput,
  type TurnsOutput,
  tracksOf,
  type VoiceOutput,
} from '../plan/plan.ts';
import type { FetchDumps } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { solvingClocks } from '../time/solve-clocks.ts';
import { witnessedRuns } from '../time/witnessed-runs.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { DraftedFile } from '../jobs/draft.ts';
import type { Making } from '../write/making.ts';
import { fillingShares } from './filling-shares.ts';
import type { Outcome } from './outcome.ts';
import { timeUnseen } from './time-unseen.ts';
import { Transcription } from './transcription.ts';
import { type Workers, workHere } from './workers.ts';

/** Less than this is done before a thread has loaded its code. */
const THREADS_WORTH_BYTES = 24 * 2 ** 20;

export interface RunSettings {
  readonly making: Making;
  readonly verify: boolean;
  /** What all outputs may come to; as `RunOptions` has it. */
  readonly maxOutputBytes?: number | undefined;
  readonly workers?: number;
  readonly fetch?: FetchDumps;
}

/** The stages of a run: scan all tracks, place them, write the outputs, voices and turns, mix. */
export class Run {
  readonly #plan: Plan;
  /** Those to be made. */
  readonly #outputs: readonly PlannedOutput[];
  readonly #settings: RunSettings;
  readonly #outcome: Outcome;
  readonly #events: JobEvents;
  readonly #scanned = new Map<number, ScanResult>();
  readonly #drafts = new Map<number, DraftedFile>();
  /** Why nothing comes of a track: it could not be scanned, or holds nothing that can be used. */
  readonly #unusable = new Map<number, unknown>();
  /** Tracks of which all was sent in another codec: the file of that one stands for theirs. */
  readonly #replaced = new Set<number>();
  /** How much of it each output may be that was not recorded, by its file. */
  #fillerBytes: ReadonlyMap<string, number> = new Map();

  constructor(
    plan: Plan,
    outputs: readonly PlannedOutput[],
    settings: RunSettings,
    outcome: Outcome,
    events: JobEvents,
  ) {
    this.#plan = plan;
    this.#outputs = outputs;
    this.#settings = settings;
    this.#outcome = outcome;
    this.#events = events;
  }

  async make(): Promise<void> {
    if (this.#outputs.length === 0) return;
    const placed = await this.#makeTracks();
    await this.#transcribe(placed);
    await this.#mix(placed);
  }

  /** @returns all tracks that have packets, by number; what mixing needs. */
  async #makeTracks(): Promise<ReadonlyMap<number, PlacedTrack>> {
    await using workers = await this.#workers();
    await this.#scan(workers);
    const placed = await this.#solve();
    const { making, maxOutputBytes } = this.#settings;
    this.#fillerBytes = fillingShares(this.#plan, placed, making, maxOutputBytes);
    await this.#write(workers, placed);
    return placed;
  }

  async #workers(): Promise<Workers> {
    const threads = this.#threads();
    if (threads <= 1) return workHere(this.#events);
    const { workInThreads } = await import('./threads.ts');
    return workInThreads(threads, this.#events);
  }

  #threads(): number {
    const { tracks } = this.#plan;
    const totalBytes = dumpBytesOfAll(tracks);
    const wanted = this.#settings.workers ?? (totalBytes < THREADS_WORTH_BYTES ? 1 : availableParallelism());
    return Math.min(wanted, tracks.length);
  }

  /** The longest first, so that none is left to run alone at the end. */
  async #scan(workers: Workers): Promise<void> {
    const jobs = [...this.#plan.tracks.entries()].sort(([, a], [, b]) => dumpBytesOf(b) - dumpBytesOf(a));
    const outputsOf = this.#outputsOfTracks();
    const scanTrack = (number: number, track: PlannedTrack) =>
      this.#scanTrack(workers, number, track, outputsOf.get(number) ?? []);
    const certain = jobs.filter(([, { ifSent }]) => ifSent === undefined);
    await Promise.allSettled(certain.map(([number, track]) => scanTrack(number, track)));
    this.#events.signal?.throwIfAborted();
    const sent = jobs.filter(([, track]) => track.ifSent === true && this.#wasSent(track));
    await Promise.allSettled(sent.map(([number, track]) => scanTrack(number, track)));
    this.#events.signal?.throwIfAborted();
  }

  /** @param users the outputs that are made of the track */
  async #scanTrack(
    workers: Workers,
    number: number,
    track: PlannedTrack,
    users: readonly PlannedOutput[],
  ): Promise<void> {
    const drafted = users.filter(({ kind }) => kind === 'video').length;
    try {
      await this.#fetch(track);
      const result = await workers.scan({
        making: this.#settings.making,
        track,
        number,
        mayDraft: drafted > 0,
        readers: users.length - drafted + (this.#settings.verify ? 1 : 0),
        isMixed: users.some(({ kind }) => kind === 'mix'),
      });
      this.#scanned.set(number, result);
      if (result.draft !== undefined) this.#drafts.set(number, result.draft);
      const changes = result.scans.flatMap((scan) => codecChange(track, scan));
      const silence = silenceOf(track, result.scans);
      if (silence !== undefined) this.#unusable.set(number, silence);
      if (silence !== undefined && changes.length > 0) this.#replaced.add(number);
      if (users.length === 0) return;
      const { userId, sessionId, trackId } = track;
      const found = result.scans.flatMap((scan) => scan.problems);
      // Said of the whole track, it need not be said of each segment.
      const told = found.filter(({ code }) => code !== 'DUMP_NO_MEDIA' || silence === undefined);
      const problems = told.map((problem) => ({ ...problem, userId, sessionId, trackId }));
      this.#outcome.note(track.ifSent ? problems.filter(isNoRepetition) : [...problems, ...changes]);
    } catch (error) {
      this.#unusable.set(number, error);
    }
  }

  /** Whether the segments of a track that may have changed its codec have packets of this one, as scanning them has told. */
  #wasSent({ userId, sessionId, trackId, segments }: PlannedTrack): boolean {
    return [...this.#scanned].some(([number, { scans }]) => {
      const scanned = this.#plan.tracks[number];
      const isSame =
        scanned?.userId === userId && scanned.sessionId === sessionId && scanned.trackId === trackId;
      return (
        isSame &&
        scans.some(({ otherCodecs }) => segments.some(({ codec }) => codec && otherCodecs.includes(codec)))
      );
    });
  }

  #outputsOfTracks(): ReadonlyMap<number, readonly PlannedOutput[]> {
    const outputs = new Map<number, PlannedOutput[]>();
    for (const output of this.#outputs) {
      for (const number of new Set(tracksOf(output))) {
        const others = outputs.get(number);
        if (others === undefined) outputs.set(number, [output]);
        else others.push(output);
      }
    }
    return outputs;
  }

  async #fetch({ segments }: PlannedTrack): Promise<void> {
    const dumps = segments.flatMap(({ dump }) => dump ?? []);
    await this.#settings.fetch?.(dumps, this.#events.signal);
  }

  /** All tracks that have packets, on the server's clock. */
  async #solve(): Promise<Map<number, PlacedTrack>> {
    const tracks = [...this.#scanned]
      .sort(([a], [b]) => a - b)
      .flatMap(([number, { scans }]) => {
        if (this.#unusable.has(number)) return [];
        const codec = scans.find(({ runs }) => runs.length > 0)?.segment.codec;
        const track = this.#plan.tracks[number];
        return codec === undefined || track === undefined ? [] : [{ number, track, codec, scans }];
      });
    const { runsOfTracks, unseen } = witnessedRuns(
      tracks.map(({ codec, scans }) => ({
        clockRate: CODECS[codec].clockRate,
        segments: scans.map(({ segment: { timing }, runs }) => ({ timing, runs })),
      })),
    );
    this.#outcome.note(
      unseen.flatMap(({ track, ...unseen }) => timeUnseen(unseen, tracks[track]?.track) ?? []),
    );
    const solving = solvingClocks(
      tracks.map(({ track, codec }, index) => ({
        session: JSON.stringify([track.userId, track.sessionId]),
        clockRate: CODECS[codec].clockRate,
        runsOfSegments: runsOfTracks[index] ?? [],
      })),
    );
    const solved = await inTurns(solving, this.#events.signal);
    const placed = new Map<number, PlacedTrack>();
    for (const [index, { number, track, codec, scans }] of tracks.entries()) {
      const place = solved[index];
      // What the scan saw of the clocks has done its work: runs know their times, and jobs stay small.
      const slim = scans.map((scan) => ({ ...scan, runs: [], problems: [] }));
      if (place !== undefined) placed.set(number, { track, codec, scans: slim, ...place });
    }
    this.#scanned.clear();
    return placed;
  }

  async #write(workers: Workers, placed: ReadonlyMap<number, PlacedTrack>): Promise<void> {
    const outputs = this.#outputs.filter(isWritten);
    const bytesOf = (output: PlannedOutput) => dumpBytesOfAll(this.#tracksOf(output));
    outputs.sort((a, b) => bytesOf(b) - bytesOf(a));
    // Settled, not failed fast: a file that is being put in its place when the run is aborted must come into the manifest.
    await Promise.allSettled(
      outputs.map((output, index) => {
        const temporaryName = `${index}${extname(output.file)}`;
        return this.#attempt(output, temporaryName, () =>
          this.#written(workers, output, temporaryName, placed),
        );
      }),
    );
    this.#events.signal?.throwIfAborted();
  }

  /** Behind the outputs that are written by workers: decoding has threads of its own. */
  async #transcribe(placed: ReadonlyMap<number, PlacedTrack>): Promise<void> {
    const transcription = new Transcription(this.#plan, placed.values(), this.#settings, this.#events);
    const voices = this.#outputs.filter((output) => output.kind === 'voice');
    const turns = this.#outputs.filter((output) => output.kind === 'turns');
    // A decoder and an encoder for each; settled for the reason that #write has.
    const queue = voices.entries();
    await Promise.allSettled(
      Array.from({ length: this.#settings.workers ?? availableParallelism() }, async () => {
        for (const [index, output] of queue) {
          const temporaryName = `voice-${index}${extname(output.file)}`;
          const fillerBytes = this.#fillerBytesOf(output);
          await this.#attempt(output, temporaryName, () =>
            transcription.voice(output, { tracks: this.#heard(output, placed), temporaryName, fillerBytes }),
          );
        }
      }),
    );
    this.#events.signal?.throwIfAborted();
    for (const output of turns) {
      const temporaryName = `turns${extname(output.file)}`;
      await this.#attempt(output, temporaryName, () =>
        transcription.turns(output, this.#heard(output, placed), temporaryName),
      );
    }
  }

  /** The tracks that a voice or turns can be made of; those that are missing are told. */
  #heard(output: VoiceOutput | TurnsOutput, placed: ReadonlyMap<number, PlacedTrack>): PlacedTrack[] {
    const tracks = this.#usable(output, placed);
    const where = output.kind === 'voice' ? 'in the voice' : 'among the turns';
    this.#outcome.note(this.#leftOut(output, 'TRACK_NOT_MIXED', where));
    return tracks;
  }

  /** The tracks that an output can be made of; where there is none, the reason is thrown, unless nothing was sent. */
  #usable(output: PlannedOutput, placed: ReadonlyMap<number, PlacedTrack>): PlacedTrack[] {
    const numbers = tracksOf(output);
    const tracks = numbers.flatMap((number) => placed.get(number) ?? []);
    const [unusable] = numbers.filter((number) => this.#unusable.has(number));
    if (tracks.length === 0 && unusable !== undefined) throw this.#unusable.get(unusable);
    return tracks;
  }

  /** Behind the others, as it keeps all processors busy by itself. */
  async #mix(placed: ReadonlyMap<number, PlacedTrack>): Promise<void> {
    for (const output of this.#outputs) {
      if (output.kind !== 'mix') continue;
      const temporaryName = `mix${extname(output.file)}`;
      await this.#attempt(output, temporaryName, () => this.#mixed(output, temporaryName, placed));
    }
  }

  /** Makes an output; what goes wrong is its own affair. */
  async #attempt(
    output: PlannedOutput,
    temporaryName: string,
    make: () => Promise<WriteResult>,
  ): Promise<void> {
    try {
      await this.#outcome.settle(output, temporaryName, await make());
    } catch (error) {
      this.#events.signal?.throwIfAborted();
      this.#outcome.fail(output, error);
      const path = join(this.#settings.making.workFolder, temporaryName);
      // What is not finished makes room for the others.
      for (const unfinished of [path, muxedBefore(path)]) await rm(unfinished, { force: true });
    }
  }

  async #written(
    workers: Workers,
    output: TrackOutput | MuxedOutput,
    temporaryName: string,
    placed: ReadonlyMap<number, PlacedTrack>,
  ): Promise<WriteResult> {
    if (output.kind !== 'muxed' && this.#replaced.has(output.track)) return { problems: [] };
    const tracks = this.#usable(output, placed);
    if (tracks.length === 0) return { problems: [] };
    const draft = output.kind === 'video' ? this.#drafts.get(output.track) : undefined;
    const { making, verify } = this.#settings;
    this.#outcome.note(this.#leftOut(output, 'TRACK_NOT_MUXED', 'in the muxed file'));
    return await workers.write({
      making,
      output,
      tracks,
      temporaryName,
      fillerBytes: this.#fillerBytesOf(output),
      verify,
      ...(draft === undefined ? {} : { draft }),
    });
  }

  async #mixed(
    output: MixOutput,
    temporaryName: string,
    placed: ReadonlyMap<number, PlacedTrack>,
  ): Promise<WriteResult> {
    const tracks = this.#usable(output, placed);
    if (tracks.length > 0) this.#outcome.note(this.#leftOut(output, 'TRACK_NOT_MIXED', 'in the mix'));
    const fillerBytes = this.#fillerBytesOf(output);
    return await mixJob({ ...this.#settings, output, tracks, temporaryName, fillerBytes }, this.#events);
  }

  /** Tracks that are missing from what is made of several are told, also where no other output is made of them. */
  #leftOut(
    output: PlannedOutput,
    code: 'TRACK_NOT_MIXED' | 'TRACK_NOT_MUXED',
    where: string,
  ): TrackProblem[] {
    return tracksOf(output).flatMap((number) => {
      const track = this.#plan.tracks[number];
      const isMissing = track !== undefined && this.#unusable.has(number);
      return isMissing ? [leftOut(track, code, where, this.#unusable.get(number))] : [];
    });
  }

  #fillerBytesOf({ file }: PlannedOutput): number {
    return this.#fillerBytes.get(file) ?? 0;
  }

  #tracksOf(output: PlannedOutput): Plan['tracks'] {
    return tracksOf(output).flatMap((number) => this.#plan.tracks[number] ?? []);
  }
}

/** The bytes of a dump were judged when its own codec was looked for. */
const isNoRepetition = ({ code }: TrackProblem): boolean => code === 'SPOOL_NO_ROOM';

const isWritten = (output: PlannedOutput): output is TrackOutput | MuxedOutput =>
  output.kind === 'audio' || output.kind === 'video' || output.kind === 'muxed';
