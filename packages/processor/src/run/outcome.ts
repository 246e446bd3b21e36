import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFull } from '../disk-full.ts';
import type { ProgressEvent } from '../jobs/progress.ts';
import type { WriteResult } from '../jobs/write-job.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import { type Plan, type PlannedOutput, tracksOf } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import { MANIFEST_NAME } from '../report/manifest.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';
import { ProblemList } from '../report/problem-list.ts';
import type { FailedOutput, Report, ReportedFile } from '../report/report.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { Reserve } from './disk-room.ts';
import type { Fingerprints } from './finished-outputs.ts';
import { noteMade } from './made-notes.ts';
import { ManifestKeeper } from './manifest-keeper.ts';

export interface OutcomeOptions {
  readonly plan: Plan;
  readonly settings: OutputSettings;
  /** Folder of the outputs. */
  readonly folder: string;
  /** Of the manifest. */
  readonly reserve: Reserve;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Of a run that may be resumed. */
  readonly fingerprints?: Fingerprints | undefined;
}

/** What becomes of a run: files put in their places, failures and problems, the manifest and the report. */
export class Outcome {
  readonly #options: OutcomeOptions;
  readonly #manifest: ManifestKeeper;
  readonly #files: ReportedFile[] = [];
  readonly #alreadyMade: string[] = [];
  readonly #failures: FailedOutput[] = [];
  readonly #problems = new ProblemList();
  #settled = 0;

  constructor(options: OutcomeOptions) {
    this.#options = options;
    this.#manifest = new ManifestKeeper(options.folder, options.settings.workFolder, options.reserve);
    this.note(options.plan.problems);
  }

  note(problems: readonly TrackProblem[]): void {
    this.#problems.add(problems);
  }

  /** A file that an earlier run has made: its problems are told again. */
  keep({ problems, ...entry }: ManifestFile): void {
    const { source: _source, call: _call, recordingStartsAt: _start, madeBy: _maker, ...made } = entry;
    const { fingerprint: _fingerprint, ...file } = made;
    this.note(problems);
    this.#files.push(file as ReportedFile);
    this.#alreadyMade.push(file.path);
  }

  /** Puts a finished file in its place and into the manifest. */
  async settle(output: PlannedOutput, temporaryName: string, { file, problems }: WriteResult): Promise<void> {
    this.note(problems);
    if (file === undefined) return;
    const { settings, folder, onProgress } = this.#options;
    const entry = this.#entryOf(output, file, problems);
    this.#settled += 1;
    await noteMade(settings.workFolder, this.#settled, entry);
    await rename(join(settings.workFolder, temporaryName), join(folder, output.file));
    this.#files.push(file);
    const { byteLength, durationMs } = file;
    onProgress({ type: 'output-finished', file: output.file, byteLength, durationMs });
    await this.#manifest.add(entry);
  }

  fail(output: PlannedOutput, cause: unknown): void {
    const { code, message, hint } = outputFailed(output, cause);
    this.#failures.push({
      path: output.file,
      kind: output.kind,
      ...whoseIs(output, this.#options.plan),
      code,
      message,
      hint,
    });
    this.#options.onProgress({ type: 'output-failed', file: output.file, code, message });
  }

  /** Finished files stay when a run is interrupted, so the manifest must know them. Never rejects: the report has them, too. */
  async record(): Promise<void> {
    const failure = await this.#manifest.flushLast();
    if (failure === undefined) return;
    const { folder } = this.#options;
    const { message } = diskFull(failure, join(folder, MANIFEST_NAME)) ?? (failure as Error);
    this.note([
      {
        code: 'MANIFEST_NOT_WRITTEN',
        severity: 'damage',
        message: `the manifest does not name the files: ${message}`,
      },
    ]);
  }

  report(elapsedMs: number): Report {
    const { plan } = this.#options;
    const order = new Map(plan.outputs.map(({ file }, index) => [file, index]));
    const asPlanned = (a: { readonly path: string }, b: { readonly path: string }) =>
      (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0);
    const problems = this.#problems.list();
    return {
      source: plan.source,
      files: this.#files.sort(asPlanned),
      alreadyMade: this.#alreadyMade,
      failures: this.#failures.sort(asPlanned),
      problems,
      damaged: problems.some(({ severity }) => severity === 'damage'),
      elapsedMs: Math.round(elapsedMs),
    };
  }

  /** @param own problems that were found as it was made */
  #entryOf(output: PlannedOutput, file: ReportedFile, own: readonly TrackProblem[]): ManifestFile {
    const { plan, settings, fingerprints } = this.#options;
    const keyOf = ({ trackId, sessionId }: Pick<TrackProblem, 'trackId' | 'sessionId'>) =>
      JSON.stringify([trackId, sessionId]);
    const keys = new Set(
      tracksOf(output)
        .flatMap((number) => plan.tracks[number] ?? [])
        .map(keyOf),
    );
    return {
      ...file,
      source: plan.source,
      call: plan.call,
      recordingStartsAt: new Date(settings.zeroUnixMs).toISOString(),
      madeBy: settings.madeBy,
      ...(fingerprints === undefined ? {} : { fingerprint: fingerprints.of(output) }),
      problems: [
        ...this.#problems.list().filter((problem) => keys.has(keyOf(problem))),
        ...own.filter((problem) => !keys.has(keyOf(problem))),
      ],
    };
  }
}

const OF_EVERYBODY: ReadonlySet<PlannedOutput['kind']> = new Set([
  'mix',
  'turns',
  'composite',
  'captions',
  'chapters',
  'scenes',
  'timeline',
]);

/** As far as all that an output is made of is one user's, one session's or one track. */
function whoseIs(output: PlannedOutput, plan: Plan): Pick<FailedOutput, 'userId' | 'sessionId' | 'trackId'> {
  const [first, ...others] = tracksOf(output).map((number) => plan.tracks[number]);
  if (OF_EVERYBODY.has(output.kind) || first === undefined) return {};
  const { userId, sessionId, trackId } = first;
  if (others.length === 0) return { userId, sessionId, trackId };
  return output.kind === 'voice' || output.kind === 'stem' ? { userId } : { userId, sessionId };
}

/** A failure that names its output. */
function outputFailed({ file }: PlannedOutput, cause: unknown): ProcessorError {
  const full = diskFull(cause, file);
  if (full !== undefined) return full;
  if (cause instanceof ProcessorError) return cause;
  const message = `${file}: ${(cause as Error).message}`;
  const { hint = '' } = cause as { readonly hint?: string };
  return new ProcessorError('ERR_TRACK_FAILED', message, {
    hint: hint || 'The other files are not affected. Run it again; if it happens again, report it.',
    cause,
  });
}
