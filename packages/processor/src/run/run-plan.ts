import { requireFfmpeg } from '../ffmpeg/known-ffmpeg.ts';
import { checkDistinct } from '../plan/distinct-files.ts';
import type { Plan } from '../plan/plan.ts';
import { readManifest } from '../report/manifest.ts';
import { awaitManifestLock, checkManifestLock } from '../report/manifest-lock.ts';
import type { Report } from '../report/report.ts';
import { isDigested } from './content-digests.ts';
import { bytesNeeded, checkRoom, Reserve } from './disk-room.ts';
import { earliestDumpStart } from './earliest-dump-start.ts';
import { Fingerprints, finishedOutputs } from './finished-outputs.ts';
import { foreignFiles } from './foreign-files.ts';
import { lackingFfmpeg } from './lacking-ffmpeg.ts';
import { defaultMaker } from './made-by.ts';
import { Outcome } from './outcome.ts';
import { Run } from './run.ts';
import type { RunOptions } from './run-options.ts';
import { openWorkFolder } from './work-folder.ts';

/**
 * Makes all outputs of a plan: every track is scanned, one solve places them all in time, then the outputs are written. A
 * track or an output that fails does not take others with it: the report names it.
 *
 * @throws {ProcessorError} ERR_OUTPUTS_COLLIDE, ERR_OUTPUT_UNWRITABLE, ERR_DISK_FULL, ERR_MANIFEST_UNREADABLE, ERR_MANIFEST_LOCKED, ERR_NO_FFMPEG for verifying; the signal's reason when aborted, after all
 * unfinished files are gone.
 */
export async function runPlan(plan: Plan, options: RunOptions): Promise<Report> {
  const startedAt = performance.now();
  const { output: folder, signal, madeBy = defaultMaker(), onProgress = () => undefined } = options;
  signal?.throwIfAborted();
  checkDistinct(plan.outputs);
  await using work = await openWorkFolder(folder);
  const known = await readManifest(folder);
  await checkManifestLock(folder);
  const settings = {
    plan: {
      call: plan.call,
      gaps: plan.gaps,
      dtx: plan.dtx,
      align: plan.align,
      ...(plan.cut === undefined ? {} : { cut: plan.cut }),
    },
    zeroUnixMs: plan.zeroUnixMs ?? (await earliestDumpStart(plan, options)),
    workFolder: work.path,
    madeBy,
    maxEntrySize: options.maxEntrySize,
    ffmpegPath: options.ffmpegPath,
    inspect: options.onInspection !== undefined,
  };
  const verify = options.verify === true;
  if (verify) await requireFfmpeg(options.ffmpegPath, 'verifying', 'leave --verify out.');
  const fingerprints =
    options.resume !== undefined || isDigested(plan)
      ? await Fingerprints.of(plan, { ...options, madeBy })
      : undefined;
  const finished =
    options.resume === 'keep' && fingerprints !== undefined
      ? finishedOutputs(plan, folder, fingerprints, known, verify)
      : new Map<string, never>();
  const unfinished = plan.outputs.filter(({ file }) => !finished.has(file));
  const own = { call: plan.call, zeroUnixMs: settings.zeroUnixMs, filesAt: options.filesAt };
  const hindered = new Map([
    ...(await lackingFfmpeg(unfinished, options.ffmpegPath)),
    ...(options.overwrite === false ? foreignFiles(unfinished, folder, known, own) : []),
  ]);
  const feasible = unfinished.filter((output) => !hindered.has(output));
  // A run that adds nothing to the manifest would leave the lock of one that was killed.
  if (feasible.length === 0) await awaitManifestLock(folder);
  const tight = await checkRoom(folder, bytesNeeded(plan, feasible));
  const outcome = new Outcome({
    plan,
    settings,
    folder,
    reserve: new Reserve(work.path, folder, unfinished.length),
    onProgress,
    fingerprints,
  });
  outcome.note(tight);
  for (const entry of finished.values()) outcome.keep(entry);
  for (const [output, error] of hindered) outcome.fail(output, error);
  const stageOptions = {
    settings,
    verify,
    maxOutputBytes: options.maxOutputBytes,
    fetch: options.fetch,
    workers: options.workers,
    onInspection: options.onInspection,
  };
  const events = { onProgress, signal };
  try {
    await new Run(plan, feasible, stageOptions, outcome, events).make();
  } finally {
    await outcome.record();
  }
  return outcome.report(performance.now() - startedAt);
}
