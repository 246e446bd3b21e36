import { rename } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { RtpdumpReader } from '@rawreel/rtp';
import { Piscina } from 'piscina';
import type { Plan } from '../plan/plan.ts';
import { mergeIntoManifest, readManifest } from '../report/manifest.ts';
import type { FailedOutput, Report, ReportedFile, TrackProblem } from '../report/report.ts';
import { openDump } from '../scan/open-dump.ts';
import { makeTrack, trackFailed } from './make-track.ts';
import type { ProgressEvent } from './progress.ts';
import { throttled } from './throttle.ts';
import { dumpBytesOf, type TrackJob, type TrackResult } from './track-job.ts';
import { openWorkFolder } from './work-folder.ts';

export interface RunOptions {
  /** Folder of the outputs; made where it is missing. */
  readonly output: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Tracks made at the same time; unless told otherwise one per processor, or one where little is to be done. */
  readonly workers?: number;
  /** Bytes that one entry may inflate to. */
  readonly maxEntrySize?: number;
  /** The ffmpeg that makes black frames; unless told otherwise the one on the search path. */
  readonly ffmpegPath?: string;
  /** Name and version that outputs and manifest give as their maker. */
  readonly madeBy: string;
}

/**
 * Makes all outputs of a plan. A track that fails does not take others with it: the report names it.
 *
 * @throws {ProcessorError} ERR_OUTPUT_UNWRITABLE, ERR_MANIFEST_UNREADABLE; the signal's reason when aborted, after all
 * unfinished files are gone.
 */
export async function runPlan(plan: Plan, options: RunOptions): Promise<Report> {
  const startedAt = performance.now();
  options.signal?.throwIfAborted();
  await using work = await openWorkFolder(options.output);
  await readManifest(options.output);
  const zeroUnixMs = plan.zeroUnixMs ?? (await earliestDumpStart(plan, options));
  const jobs = plan.outputs.map(
    (output, index): TrackJob => ({
      plan: { call: plan.call, gaps: plan.gaps, dtx: plan.dtx, align: plan.align },
      zeroUnixMs,
      output,
      workFolder: work.path,
      temporaryName: `${index}.mkv`,
      madeBy: options.madeBy,
      ...(options.maxEntrySize === undefined ? {} : { maxEntrySize: options.maxEntrySize }),
      ...(options.ffmpegPath === undefined ? {} : { ffmpegPath: options.ffmpegPath }),
    }),
  );
  const files: ReportedFile[] = [];
  const failures: FailedOutput[] = [];
  const problems: TrackProblem[] = [...plan.problems];
  const settle = async (job: TrackJob, result: TrackResult) => {
    problems.push(...result.problems);
    if (result.file === undefined) return;
    await rename(join(work.path, job.temporaryName), join(options.output, job.output.file));
    files.push(result.file);
    options.onProgress?.({
      type: 'track-finished',
      file: job.output.file,
      byteLength: result.file.byteLength,
      durationMs: result.file.durationMs,
    });
  };
  const fail = (job: TrackJob, cause: unknown) => {
    const { code, message } = trackFailed(job, cause);
    const {
      kind,
      file: path,
      track: { userId, sessionId, trackId },
    } = job.output;
    failures.push({ path, kind, userId, sessionId, trackId, code, message });
    options.onProgress?.({ type: 'track-failed', file: path, code, message });
  };
  try {
    await runJobs(jobs, options, settle, fail);
  } finally {
    await recordFiles(plan, options, work.path, zeroUnixMs, files);
  }
  const order = new Map(plan.outputs.map(({ file }, index) => [file, index]));
  files.sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0));
  return {
    source: plan.source,
    files,
    failures,
    problems,
    damaged: problems.some(({ severity }) => severity === 'damage'),
    elapsedMs: Math.round(performance.now() - startedAt),
  };
}

/** Finished files stay when a run is interrupted, so the manifest must know them. */
async function recordFiles(
  plan: Plan,
  options: RunOptions,
  workFolder: string,
  zeroUnixMs: number,
  files: readonly ReportedFile[],
): Promise<void> {
  if (files.length === 0) return;
  const recordingStartsAt = new Date(zeroUnixMs).toISOString();
  const entries = files.map((file) => ({
    ...file,
    source: plan.source,
    call: plan.call,
    recordingStartsAt,
    madeBy: options.madeBy,
  }));
  await mergeIntoManifest(options.output, workFolder, entries);
}

type Settle = (job: TrackJob, result: TrackResult) => Promise<void>;
type Fail = (job: TrackJob, cause: unknown) => void;

/** Less than this is done before a thread has loaded its code. */
const THREADS_WORTH_BYTES = 24 * 2 ** 20;

/** Inflating goes on in zlib's own thread: while one track waits for it, the thread writes the other. An eighth faster. */
const TRACKS_PER_THREAD = 2;

/** The longest tracks first, so that none is left to run alone at the end. */
async function runJobs(
  jobs: readonly TrackJob[],
  options: RunOptions,
  settle: Settle,
  fail: Fail,
): Promise<void> {
  const ordered = [...jobs].sort((a, b) => dumpBytesOf(b) - dumpBytesOf(a));
  const totalBytes = jobs.reduce((sum, job) => sum + dumpBytesOf(job), 0);
  const wanted = options.workers ?? (totalBytes < THREADS_WORTH_BYTES ? 1 : availableParallelism());
  const threads = Math.min(wanted, ordered.length);
  if (threads <= 1) return await runHere(ordered, options, settle, fail);
  await runInThreads(ordered, threads, options, settle, fail);
}

async function runHere(
  jobs: readonly TrackJob[],
  options: RunOptions,
  settle: Settle,
  fail: Fail,
): Promise<void> {
  const onProgress = throttled(options.onProgress ?? (() => undefined));
  for (const job of jobs) {
    try {
      await settle(
        job,
        await makeTrack(job, {
          onProgress,
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        }),
      );
    } catch (error) {
      options.signal?.throwIfAborted();
      fail(job, error);
    }
  }
}

async function runInThreads(
  jobs: readonly TrackJob[],
  threads: number,
  options: RunOptions,
  settle: Settle,
  fail: Fail,
): Promise<void> {
  options.signal?.throwIfAborted();
  const pool = new Piscina<TrackJob, TrackResult>({
    filename: new URL('./worker.js', import.meta.url).href,
    name: 'runJob',
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: TRACKS_PER_THREAD,
    // A worker holds two tracks' windows; without a limit V8 lets its young generation grow instead of collecting it.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  pool.on('message', (event: ProgressEvent) => options.onProgress?.(event));
  // Not a signal per job: the pool gives a thread no second job beside one that can be aborted.
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= pool.destroy();
    return stopped;
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(
      jobs.map(async (job) => {
        try {
          await settle(job, await pool.run(job));
        } catch (error) {
          options.signal?.throwIfAborted();
          fail(job, error);
        }
      }),
    );
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await stop();
  }
}

/** Where no metadata has a usable time, the dumps' own headers tell when the first of them was begun. */
async function earliestDumpStart(plan: Plan, options: RunOptions): Promise<number> {
  const starts: number[] = [];
  for (const { dump } of plan.outputs.flatMap(({ track }) => track.segments)) {
    if (dump === undefined) continue;
    const reader = new RtpdumpReader();
    try {
      for await (const chunk of openDump(dump, options)) {
        reader.push(chunk);
        reader.next();
        if (reader.header !== undefined) break;
      }
    } catch {
      options.signal?.throwIfAborted();
      continue;
    }
    if (reader.header !== undefined) starts.push(reader.header.startUnixMs);
  }
  return starts.length === 0 ? (plan.call.startMs ?? 0) : Math.min(...starts);
}
