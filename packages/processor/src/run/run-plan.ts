import { rename } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type MuxedOutput, type Plan, type PlannedOutput, type TrackOutput, tracksOf } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import { mergeIntoManifest, readManifest } from '../report/manifest.ts';
import type { FailedOutput, Report, ReportedFile, TrackProblem } from '../report/report.ts';
import { clockRateOf } from '../scan/dump-packets.ts';
import type { PlacedTrack } from '../time/placed-track.ts';
import { solveClocks } from '../time/solve-clocks.ts';
import type { DraftedFile } from '../write/draft.ts';
import type { Making } from '../write/making.ts';
import { earliestDumpStart } from './earliest-dump-start.ts';
import { dumpBytesOf, type JobEvents } from './job.ts';
import { mixJob } from './mix-job.ts';
import type { ProgressEvent } from './progress.ts';
import type { ScanResult } from './scan-job.ts';
import { openWorkFolder } from './work-folder.ts';
import { type Workers, workHere, workInThreads } from './workers.ts';
import type { WriteResult } from './write-job.ts';

export interface RunOptions {
  /** Folder of the outputs; made where it is missing. */
  readonly output: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Threads at work at the same time; unless told otherwise one per processor, or one where little is to be done. */
  readonly workers?: number;
  /** Bytes that one entry may inflate to. */
  readonly maxEntrySize?: number;
  /** The ffmpeg that makes black frames; unless told otherwise the one on the search path. */
  readonly ffmpegPath?: string;
  /** Name and version that outputs and manifest give as their maker. */
  readonly madeBy: string;
}

/**
 * Makes all outputs of a plan: every track is scanned, one solve places them all in time, then the outputs are written. A
 * track or an output that fails does not take others with it: the report names it.
 *
 * @throws {ProcessorError} ERR_OUTPUT_UNWRITABLE, ERR_MANIFEST_UNREADABLE; the signal's reason when aborted, after all
 * unfinished files are gone.
 */
export async function runPlan(plan: Plan, options: RunOptions): Promise<Report> {
  const startedAt = performance.now();
  options.signal?.throwIfAborted();
  await using work = await openWorkFolder(options.output);
  await readManifest(options.output);
  const run = new Run(plan, options, {
    plan: { call: plan.call, gaps: plan.gaps, dtx: plan.dtx, align: plan.align },
    zeroUnixMs: plan.zeroUnixMs ?? (await earliestDumpStart(plan, options)),
    workFolder: work.path,
    madeBy: options.madeBy,
    ...(options.maxEntrySize === undefined ? {} : { maxEntrySize: options.maxEntrySize }),
    ...(options.ffmpegPath === undefined ? {} : { ffmpegPath: options.ffmpegPath }),
  });
  try {
    await run.make();
  } finally {
    await run.recordFiles();
  }
  return run.report(performance.now() - startedAt);
}

/** Less than this is done before a thread has loaded its code. */
const THREADS_WORTH_BYTES = 24 * 2 ** 20;

/** One run, from the scan to the report. */
class Run {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #making: Making;
  readonly #files: ReportedFile[] = [];
  readonly #failures: FailedOutput[] = [];
  readonly #problems: TrackProblem[];
  readonly #scanned = new Map<number, ScanResult>();
  /** Why a track could not be scanned. */
  readonly #unscanned = new Map<number, unknown>();

  constructor(plan: Plan, options: RunOptions, making: Making) {
    this.#plan = plan;
    this.#options = options;
    this.#making = making;
    this.#problems = [...plan.problems];
  }

  async make(): Promise<void> {
    const { signal, onProgress = () => undefined } = this.#options;
    const events: JobEvents = { onProgress, ...(signal === undefined ? {} : { signal }) };
    const threads = this.#threads();
    await using workers = threads <= 1 ? workHere(events) : workInThreads(threads, events);
    await this.#scan(workers);
    const placed = this.#solve();
    await this.#write(workers, placed);
    await this.#mix(events, placed);
  }

  /** Finished files stay when a run is interrupted, so the manifest must know them. */
  async recordFiles(): Promise<void> {
    if (this.#files.length === 0) return;
    const { source, call } = this.#plan;
    const { zeroUnixMs, workFolder, madeBy } = this.#making;
    const recordingStartsAt = new Date(zeroUnixMs).toISOString();
    const entries = this.#files.map((file) => ({ ...file, source, call, recordingStartsAt, madeBy }));
    await mergeIntoManifest(this.#options.output, workFolder, entries);
  }

  report(elapsedMs: number): Report {
    const order = new Map(this.#plan.outputs.map(({ file }, index) => [file, index]));
    return {
      source: this.#plan.source,
      files: this.#files.sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0)),
      failures: this.#failures,
      problems: this.#problems,
      damaged: this.#problems.some(({ severity }) => severity === 'damage'),
      elapsedMs: Math.round(elapsedMs),
    };
  }

  #threads(): number {
    const { tracks } = this.#plan;
    const totalBytes = tracks.reduce((sum, track) => sum + dumpBytesOf(track), 0);
    const wanted = this.#options.workers ?? (totalBytes < THREADS_WORTH_BYTES ? 1 : availableParallelism());
    return Math.min(wanted, tracks.length);
  }

  /** The longest first, so that none is left to run alone at the end. */
  async #scan(workers: Workers): Promise<void> {
    const jobs = [...this.#plan.tracks.entries()].sort(([, a], [, b]) => dumpBytesOf(b) - dumpBytesOf(a));
    await Promise.allSettled(
      jobs.map(async ([number, track]) => {
        const users = this.#plan.outputs.filter((output) => tracksOf(output).includes(number));
        const singles = users.filter(({ kind }) => kind === 'video').length;
        const job = {
          making: this.#making,
          track,
          number,
          mayDraft: singles > 0,
          readers: users.length - singles,
        };
        try {
          const result = await workers.scan(job);
          this.#scanned.set(number, result);
          const { userId, sessionId, trackId } = track;
          const problems = result.scans.flatMap((scan) => scan.problems);
          this.#problems.push(...problems.map((problem) => ({ ...problem, userId, sessionId, trackId })));
        } catch (error) {
          this.#options.signal?.throwIfAborted();
          this.#unscanned.set(number, error);
        }
      }),
    );
    this.#options.signal?.throwIfAborted();
  }

  /** All tracks that have packets, on the server's clock. */
  #solve(): Map<number, PlacedTrack> {
    const tracks = [...this.#scanned].flatMap(([number, { scans }]) => {
      const codec = scans.find(({ runs }) => runs.length > 0)?.segment.codec;
      const track = this.#plan.tracks[number];
      return codec === undefined || track === undefined ? [] : [{ number, track, codec, scans }];
    });
    const solved = solveClocks(
      tracks.map(({ track, codec, scans }) => ({
        session: JSON.stringify([track.userId, track.sessionId]),
        clockRate: clockRateOf(codec),
        runsOfSegments: scans.map(({ runs }) => runs),
      })),
    );
    const placed = new Map<number, PlacedTrack>();
    for (const [index, { number, track, codec, scans }] of tracks.entries()) {
      const place = solved[index];
      // What the scan saw of the clocks has done its work: runs know their times, and jobs stay small.
      const slim = scans.map((scan) => ({ ...scan, runs: [], problems: [] }));
      if (place !== undefined) placed.set(number, { track, codec, scans: slim, ...place });
    }
    return placed;
  }

  async #write(workers: Workers, placed: ReadonlyMap<number, PlacedTrack>): Promise<void> {
    const outputs = this.#plan.outputs.filter((output) => output.kind !== 'mix');
    const bytesOf = (output: PlannedOutput) =>
      tracksOf(output).reduce((sum, number) => {
        const track = this.#plan.tracks[number];
        return sum + (track === undefined ? 0 : dumpBytesOf(track));
      }, 0);
    outputs.sort((a, b) => bytesOf(b) - bytesOf(a));
    // Settled, not failed fast: a file that is being put in its place when the run is aborted must come into the manifest.
    await Promise.allSettled(
      outputs.map((output, index) =>
        this.#attempt(output, `${index}.mkv`, () => this.#written(workers, output, `${index}.mkv`, placed)),
      ),
    );
    this.#options.signal?.throwIfAborted();
  }

  /** Makes an output; what goes wrong is its own affair. */
  async #attempt(
    output: PlannedOutput,
    temporaryName: string,
    make: () => Promise<WriteResult>,
  ): Promise<void> {
    try {
      await this.#settle(output, temporaryName, await make());
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      this.#fail(output, error);
    }
  }

  async #written(
    workers: Workers,
    output: TrackOutput | MuxedOutput,
    temporaryName: string,
    placed: ReadonlyMap<number, PlacedTrack>,
  ): Promise<WriteResult> {
    const numbers = tracksOf(output);
    for (const number of numbers) {
      if (this.#unscanned.has(number)) throw this.#unscanned.get(number);
    }
    const tracks = numbers.flatMap((number) => placed.get(number) ?? []);
    const draft = output.kind === 'video' ? this.#draftOf(output.track) : undefined;
    return await workers.write({
      making: this.#making,
      output,
      tracks,
      temporaryName,
      ...(draft === undefined ? {} : { draft }),
    });
  }

  /** Behind the others, as it keeps all processors busy by itself. */
  async #mix(events: JobEvents, placed: ReadonlyMap<number, PlacedTrack>): Promise<void> {
    const { workers } = this.#options;
    for (const output of this.#plan.outputs) {
      if (output.kind !== 'mix') continue;
      const temporaryName = `mix.${output.format}`;
      this.#problems.push(...output.tracks.flatMap((number) => this.#notMixed(number)));
      const tracks = output.tracks.flatMap((number) => placed.get(number) ?? []);
      const job = { making: this.#making, output, tracks, temporaryName };
      await this.#attempt(output, temporaryName, () =>
        mixJob({ ...job, ...(workers === undefined ? {} : { workers }) }, events),
      );
    }
  }

  /** A voice that is missing from a mix is told, also where no other output is made of it. */
  #notMixed(number: number): TrackProblem[] {
    const cause = this.#unscanned.get(number);
    const track = this.#plan.tracks[number];
    if (cause === undefined || track === undefined) return [];
    const { userId, sessionId, trackId } = track;
    const message = `is not in the mix: ${(cause as Error).message}`;
    return [{ code: 'TRACK_NOT_MIXED', severity: 'damage', message, userId, sessionId, trackId }];
  }

  #draftOf(number: number): DraftedFile | undefined {
    return this.#scanned.get(number)?.draft;
  }

  async #settle(
    output: PlannedOutput,
    temporaryName: string,
    { file, problems }: WriteResult,
  ): Promise<void> {
    this.#problems.push(...problems);
    if (file === undefined) return;
    await rename(join(this.#making.workFolder, temporaryName), join(this.#options.output, output.file));
    this.#files.push(file);
    const { byteLength, durationMs } = file;
    this.#options.onProgress?.({ type: 'output-finished', file: output.file, byteLength, durationMs });
  }

  #fail(output: PlannedOutput, cause: unknown): void {
    const { code, message } = outputFailed(output, cause);
    const [first, ...others] = tracksOf(output).map((number) => this.#plan.tracks[number]);
    const whose =
      output.kind === 'mix' || first === undefined
        ? {}
        : {
            userId: first.userId,
            sessionId: first.sessionId,
            ...(others.length === 0 ? { trackId: first.trackId } : {}),
          };
    this.#failures.push({ path: output.file, kind: output.kind, ...whose, code, message });
    this.#options.onProgress?.({ type: 'output-failed', file: output.file, code, message });
  }
}

/** A failure that names its output. */
function outputFailed({ file }: PlannedOutput, cause: unknown): ProcessorError {
  if (cause instanceof ProcessorError) return cause;
  return new ProcessorError('ERR_TRACK_FAILED', `${file}: ${(cause as Error).message}`, { cause });
}
