import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { type Moment, momentsOf } from '../composite/chapters.ts';
import { presenceOf, sharesOf } from '../composite/presence.ts';
import { dumpBytesOfAll, type JobEvents } from '../jobs/job.ts';
import { mixJob } from '../jobs/mix-job.ts';
import type { SoundJob } from '../jobs/mixed-file.ts';
import { leftOut } from '../jobs/silent-tracks.ts';
import { muxedBefore, type WriteResult } from '../jobs/write-job.ts';
import type { DecodingThreads } from '../mix/decoding-threads.ts';
import {
  type CaptionsOutput,
  type ChaptersOutput,
  type MixOutput,
  type MuxedOutput,
  type Plan,
  type PlannedOutput,
  type ProxyOutput,
  type ScenesOutput,
  type StemOutput,
  type TimelineOutput,
  type TrackOutput,
  type TurnsOutput,
  tracksOf,
  type VoiceOutput,
} from '../plan/plan.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { TrackProblem } from '../track-problem.ts';
import { Composite } from './composite.ts';
import { fillingShares } from './filling-shares.ts';
import { Handoff } from './handoff.ts';
import { inspectionOf } from './inspection-of.ts';
import type { Outcome } from './outcome.ts';
import { placeTracks } from './place-tracks.ts';
import type { RunOptions } from './run-options.ts';
import { type ScannedTracks, type ScanStageOptions, scanTracks } from './scan-tracks.ts';
import { startWorkers } from './start-workers.ts';
import { Transcription } from './transcription.ts';
import type { Workers } from './workers.ts';

export interface StageOptions extends ScanStageOptions {
  /** What all outputs may come to; as `RunOptions` has it. */
  readonly maxOutputBytes?: number | undefined;
  readonly workers?: number | undefined;
  readonly onInspection?: RunOptions['onInspection'];
}

/** Of so much sound, an hour and a half of it, the mix takes long: that threads load their code for it once more is nothing beside that. */
const LONG_SOUND_BYTES = 24 * 2 ** 20;

type SoundOptions = StageOptions & Pick<SoundJob, 'threads'>;

/** The stages of a run: scan all tracks, place them, write the outputs, voices and turns, mix, hand on, film. */
export class Run {
  readonly #plan: Plan;
  /** Those to be made. */
  readonly #outputs: readonly PlannedOutput[];
  readonly #options: StageOptions;
  readonly #outcome: Outcome;
  readonly #events: JobEvents;
  #scanned: Pick<ScannedTracks, 'drafts' | 'unusable' | 'replaced'> = {
    drafts: new Map(),
    unusable: new Map(),
    replaced: new Set(),
  };
  /** How much of it each output may be that was not recorded, by its file. */
  #fillerBytes: ReadonlyMap<string, number> = new Map();
  /** What happened in the call, on unix time, once it is asked for. */
  #moments: readonly Moment[] | undefined;

  constructor(
    plan: Plan,
    outputs: readonly PlannedOutput[],
    options: StageOptions,
    outcome: Outcome,
    events: JobEvents,
  ) {
    this.#plan = plan;
    this.#outputs = outputs;
    this.#options = options;
    this.#outcome = outcome;
    this.#events = events;
  }

  async make(): Promise<void> {
    if (this.#outputs.length === 0) return;
    await using workers = startWorkers(this.#plan.tracks, this.#options.workers, this.#events, this.#outputs);
    const placed = await this.#makeTracks(workers);
    const { decoding } = workers;
    if (soundBytesOf(placed) > LONG_SOUND_BYTES) await decoding?.rest();
    await this.#transcribe(placed, decoding);
    const sound: SoundOptions = { ...this.#options, threads: decoding };
    const handoff = new Handoff(this.#plan, placed, sound, this.#events);
    await this.#mix(placed, handoff, sound);
    await this.#handOn(placed, handoff);
    await this.#film(placed, sound);
  }

  /** @returns all tracks that have packets, by number; what mixing needs. */
  async #makeTracks(workers: Workers): Promise<ReadonlyMap<number, PlacedTrack>> {
    const placed = await this.#placeTracks(workers);
    const { settings, maxOutputBytes } = this.#options;
    this.#fillerBytes = fillingShares(this.#plan, placed, settings, maxOutputBytes);
    await this.#write(workers, placed);
    return placed;
  }

  /** What scanning saw of the clocks is large, and has done its work when this returns. */
  async #placeTracks(workers: Workers): Promise<ReadonlyMap<number, PlacedTrack>> {
    const scanned = await scanTracks(this.#plan, this.#outputs, this.#options, workers, this.#events);
    const { drafts, unusable, replaced } = scanned;
    this.#scanned = { drafts, unusable, replaced };
    const inPlace = await placeTracks(this.#plan, scanned, this.#events.signal);
    this.#outcome.note([...scanned.problems, ...inPlace.problems]);
    const { settings, onInspection } = this.#options;
    onInspection?.(inspectionOf({ plan: this.#plan, scanned, inPlace, zeroUnixMs: settings.zeroUnixMs }));
    return inPlace.placed;
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

  /** Behind the outputs that are written by workers, which decode now. */
  async #transcribe(
    placed: ReadonlyMap<number, PlacedTrack>,
    decoding: DecodingThreads | undefined,
  ): Promise<void> {
    // Several voices at a time: if each waited for two threads, each might hold the one that another waits for.
    const threads = decoding === undefined ? undefined : { ...decoding, count: 1 };
    const options = { ...this.#options, threads };
    const transcription = new Transcription(this.#plan, placed.values(), options, this.#events);
    const voices = this.#outputs.filter((output) => output.kind === 'voice');
    const turns = this.#outputs.filter((output) => output.kind === 'turns');
    // A decoder and an encoder for each; settled for the reason that #write has.
    const queue = voices.entries();
    await Promise.allSettled(
      Array.from({ length: this.#options.workers ?? availableParallelism() }, async () => {
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
    const [unusable] = numbers.filter((number) => this.#scanned.unusable.has(number));
    if (tracks.length === 0 && unusable !== undefined) throw this.#scanned.unusable.get(unusable);
    return tracks;
  }

  /** Behind the others, as it keeps all processors busy by itself. */
  async #mix(
    placed: ReadonlyMap<number, PlacedTrack>,
    handoff: Handoff,
    options: SoundOptions,
  ): Promise<void> {
    for (const output of this.#outputs) {
      if (output.kind !== 'mix') continue;
      const temporaryName = `mix${extname(output.file)}`;
      await this.#attempt(output, temporaryName, () =>
        this.#mixed(output, temporaryName, placed, handoff, options),
      );
    }
  }

  /** Sound before pictures, which take longer; last what tells of both. */
  async #handOn(placed: ReadonlyMap<number, PlacedTrack>, handoff: Handoff): Promise<void> {
    const order = ['stem', 'proxy', 'timeline'] as const;
    for (const kind of order) {
      for (const output of this.#outputs) {
        if (output.kind !== kind) continue;
        const temporaryName = `handoff${extname(output.file)}`;
        await this.#attempt(output, temporaryName, () =>
          this.#handedOn(output, temporaryName, placed, handoff),
        );
      }
    }
  }

  async #handedOn(
    output: StemOutput | ProxyOutput | TimelineOutput,
    temporaryName: string,
    placed: ReadonlyMap<number, PlacedTrack>,
    handoff: Handoff,
  ): Promise<WriteResult> {
    const tracks = this.#usable(output, placed);
    const job = { tracks, temporaryName, fillerBytes: this.#fillerBytesOf(output) };
    switch (output.kind) {
      case 'stem':
        this.#outcome.note(this.#leftOut(output, 'TRACK_NOT_MIXED', 'in the stem'));
        return await handoff.stem(output, job);
      case 'proxy':
        // Without its picture it is none, whatever was heard.
        if (this.#usable({ ...output, tracks: output.tracks.slice(0, 1) }, placed).length === 0)
          return { problems: [] };
        this.#outcome.note(this.#leftOut(output, 'TRACK_NOT_MIXED', 'in the proxy'));
        return await handoff.proxy(output, job);
      case 'timeline':
        return await handoff.timeline(output, job);
      default:
        return output satisfies never;
    }
  }

  /** Last, as it takes longest; what lies beside it is there before it. */
  async #film(placed: ReadonlyMap<number, PlacedTrack>, options: SoundOptions): Promise<void> {
    const composite = new Composite(options, this.#events);
    for (const output of this.#outputs) {
      if (!isBesideFilm(output)) continue;
      const temporaryName = `beside${extname(output.file)}`;
      await this.#attempt(output, temporaryName, async () => {
        const job = { tracks: this.#usable(output, placed), temporaryName };
        switch (output.kind) {
          case 'scenes':
            return await composite.scenes(output, job);
          case 'chapters':
            return await composite.chapters(output, job);
          case 'captions':
            return composite.captions(output, job);
          default:
            return output satisfies never;
        }
      });
    }
    for (const output of this.#outputs) {
      if (output.kind !== 'composite') continue;
      const temporaryName = `film${extname(output.file)}`;
      const fillerBytes = this.#fillerBytesOf(output);
      await this.#attempt(output, temporaryName, () => {
        const tracks = this.#usable(output, placed);
        if (tracks.length > 0)
          this.#outcome.note(this.#leftOut(output, 'TRACK_NOT_MIXED', 'in the composite'));
        return composite.film(output, { tracks, temporaryName, fillerBytes });
      });
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
      const path = join(this.#options.settings.workFolder, temporaryName);
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
    if (output.kind !== 'muxed' && this.#scanned.replaced.has(output.track)) return { problems: [] };
    const tracks = this.#usable(output, placed);
    if (tracks.length === 0) return { problems: [] };
    const draft = output.kind === 'video' ? this.#scanned.drafts.get(output.track) : undefined;
    const { settings, verify } = this.#options;
    const moments = output.kind === 'muxed' ? this.#momentsOf(placed) : undefined;
    this.#outcome.note(this.#leftOut(output, 'TRACK_NOT_MUXED', 'in the muxed file'));
    return await workers.write({
      settings,
      output,
      tracks,
      temporaryName,
      fillerBytes: this.#fillerBytesOf(output),
      verify,
      draft,
      moments,
    });
  }

  #momentsOf(placed: ReadonlyMap<number, PlacedTrack>): readonly Moment[] {
    const tracks = [...placed.values()];
    this.#moments ??= momentsOf({ members: presenceOf(tracks), sources: sharesOf(tracks) });
    return this.#moments;
  }

  async #mixed(
    output: MixOutput,
    temporaryName: string,
    placed: ReadonlyMap<number, PlacedTrack>,
    handoff: Handoff,
    options: SoundOptions,
  ): Promise<WriteResult> {
    const tracks = this.#usable(output, placed);
    if (tracks.length > 0) this.#outcome.note(this.#leftOut(output, 'TRACK_NOT_MIXED', 'in the mix'));
    const fillerBytes = this.#fillerBytesOf(output);
    if (output.chapters !== undefined)
      return await handoff.podcast(output, { tracks, temporaryName, fillerBytes });
    return await mixJob({ ...options, output, tracks, temporaryName, fillerBytes }, this.#events);
  }

  /** Tracks that are missing from what is made of several are told, also where no other output is made of them. */
  #leftOut(
    output: PlannedOutput,
    code: 'TRACK_NOT_MIXED' | 'TRACK_NOT_MUXED',
    where: string,
  ): TrackProblem[] {
    return tracksOf(output).flatMap((number) => {
      const track = this.#plan.tracks[number];
      const isMissing = track !== undefined && this.#scanned.unusable.has(number);
      return isMissing ? [leftOut(track, code, where, this.#scanned.unusable.get(number))] : [];
    });
  }

  #fillerBytesOf({ file }: PlannedOutput): number {
    return this.#fillerBytes.get(file) ?? 0;
  }

  #tracksOf(output: PlannedOutput): Plan['tracks'] {
    return tracksOf(output).flatMap((number) => this.#plan.tracks[number] ?? []);
  }
}

const soundBytesOf = (placed: ReadonlyMap<number, PlacedTrack>): number =>
  dumpBytesOfAll([...placed.values()].map(({ track }) => track).filter(({ kind }) => kind === 'audio'));

const isWritten = (output: PlannedOutput): output is TrackOutput | MuxedOutput =>
  output.kind === 'audio' || output.kind === 'video' || output.kind === 'muxed';

const isBesideFilm = (output: PlannedOutput): output is ScenesOutput | ChaptersOutput | CaptionsOutput =>
  output.kind === 'scenes' || output.kind === 'chapters' || output.kind === 'captions';
