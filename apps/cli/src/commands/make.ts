import { type Delivered, deliver, isDestination } from '@rawreel/delivery';
import type { Plan, Report } from '@rawreel/processor';
import { jsonText, printable } from '@rawreel/text';
import type { Filter, Input, MakeSettings } from '../declare/settings.ts';
import type { IdKind } from '../declare/spec.ts';
import type { OpenedRecording, ProcessorDoor } from '../doors.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { CliError, UsageError } from '../failure/errors.ts';
import { idsOf } from '../listing/listed.ts';
import { problemLines } from '../listing/problem-lines.ts';
import { openToLook, remoteFor } from '../remote/open-input.ts';
import { readOverNetwork, tellTransfer } from '../remote/tell-transfer.ts';
import { dryRun } from '../summary/dry-run.ts';
import { summary, trouble } from '../summary/summary.ts';
import type { Surroundings } from '../surroundings.ts';
import { shownAddress } from '../terminal/address.ts';
import { canRedraw, coloursFor } from '../terminal/colour.ts';
import { idAsPrinted } from '../terminal/id-as-printed.ts';
import { barProgress, NO_PROGRESS, type Progress, plainProgress } from '../terminal/progress.ts';
import { shellQuote } from '../terminal/shell-quote.ts';

/** Plans and writes files, or prints the plan. */
export async function make(settings: MakeSettings, around: Surroundings, madeBy: string): Promise<number> {
  const { output } = settings;
  if (settings.dryRun || output === undefined) {
    const processor = await around.doors.processor();
    await using recording = await openToLook(settings, around);
    return printPlan(await planOf(settings, recording, processor), settings, around);
  }
  const made = await makeFiles(settings, output, around, madeBy);
  if (settings.json) around.stdout.write(jsonText(reportOf(made)));
  else printReport(made, settings, around);
  return exitCodeOf(made.report, settings.acceptDamage);
}

/** @throws UsageError for an output that takes no files */
export async function makeFiles(
  settings: MakeSettings,
  output: string,
  around: Surroundings,
  madeBy: string,
): Promise<Delivered> {
  if (!isDestination(output)) {
    const shown = output.replace(/[?#].*$/s, '?…');
    throw new UsageError(`--output takes a folder or s3://bucket/prefix, not "${shown}"`);
  }
  const { input, limits, resume, verify, workers, maxOutputBytes } = settings;
  const { signal, stderr, env, doors } = around;
  const told = tellTransfer(settings.quiet, around);
  let progress = NO_PROGRESS;
  const onAbort = () => {
    progress.stop();
    if (stderr.isTTY) stderr.write('Stopping and cleaning up; once more to leave at once.\n');
  };
  const endProgress = () => {
    told.pause();
    signal.removeEventListener('abort', onAbort);
    progress.stop();
  };
  try {
    return await deliver(
      {
        input: input.path,
        output,
        limits,
        remote: await remoteFor(settings.remote, input.path, output),
        plan: async (recording) => await planOf(settings, recording, await doors.processor()),
        resume,
        verify,
        workers,
        maxOutputBytes,
        ffmpegPath: env.FFMPEG_PATH || undefined,
        madeBy,
      },
      {
        signal,
        onTransfer: told.onTransfer,
        onPlan: async (plan) => {
          progress = await progressFor(plan, settings, around);
          told.handOver(progress.onTransfer);
          signal.addEventListener('abort', onAbort, { once: true });
        },
        onProgress: (event) => {
          if (!signal.aborted) progress.onProgress(event);
        },
        onMade: endProgress,
      },
      doors,
    );
  } finally {
    endProgress();
  }
}

async function planOf(
  { request, filter, input }: MakeSettings,
  recording: OpenedRecording,
  processor: ProcessorDoor,
): Promise<Plan> {
  if (filter === undefined) return processor.planRecording(recording, request);
  const id = idAsPrinted(filter.id, idsOf(recording.tracks, ID_KINDS[filter.key]));
  try {
    return processor.planRecording(recording, { ...request, [filter.key]: id });
  } catch (error) {
    throw (await unknownId(error, filter, input)) ?? error;
  }
}

const ID_KINDS: Readonly<Record<Filter['key'], IdKind>> = {
  userId: 'users',
  sessionId: 'sessions',
  trackId: 'tracks',
};

/** The error for an id that nobody has, with the one it is closest to and the command that lists them all. */
async function unknownId(error: unknown, filter: Filter, input: Input): Promise<CliError | undefined> {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_NO_SUCH_')))
    return undefined;
  const details =
    'details' in error ? (error.details as { known?: readonly string[] } | undefined) : undefined;
  const known = details?.known ?? [];
  const { closest } = await import('../failure/did-you-mean.ts');
  const near = closest(filter.id, known);
  const kinds = ID_KINDS[filter.key];
  const list = `rawreel list-tracks ${input.flag} ${shellQuote(shownAddress(input.path))} --format ${kinds}`;
  return new CliError(`no ${kinds.slice(0, -1)} "${printable(filter.id)}" in this recording`, {
    code: String(error.code),
    hints: [...(near === undefined ? [] : [`Did you mean "${printable(near)}"?`]), `All ${kinds}: ${list}`],
    cause: error,
  });
}

function printPlan(plan: Plan, settings: MakeSettings, { stdout, stderr, env }: Surroundings): number {
  if (settings.json) stdout.write(jsonText(plan));
  else stdout.write(dryRun(plan, settings.output, coloursFor(stdout, env)));
  if (!settings.json && !settings.quiet) {
    const colours = coloursFor(stderr, env);
    for (const line of problemLines(plan.problems, settings.verbose)) {
      stderr.write(`${colours.yellow('rawreel:')} ${line}\n`);
    }
  }
  const damaged = plan.problems.some(({ severity }) => severity === 'damage');
  return damaged && !settings.acceptDamage ? EXIT.damaged : EXIT.whole;
}

async function progressFor(plan: Plan, settings: MakeSettings, around: Surroundings): Promise<Progress> {
  const { stderr, env } = around;
  if (settings.quiet) return NO_PROGRESS;
  if (canRedraw(stderr, env))
    return await barProgress({ plan, output: stderr, colours: coloursFor(stderr, env) });
  return settings.json ? NO_PROGRESS : plainProgress(plan, stderr);
}

/** For a program. */
export function reportOf({ report, transferred }: Delivered): Report & { readonly transferred?: number } {
  return { ...report, ...(transferred !== undefined && { transferred }) };
}

/** For a person. */
export function printReport(
  delivered: Delivered,
  { quiet, verbose, acceptDamage }: Pick<MakeSettings, 'quiet' | 'verbose' | 'acceptDamage'>,
  { stdout, stderr, env }: Surroundings,
): void {
  const { report, destination: output } = delivered;
  const options = { output, acceptDamage, verbose, read: readOverNetwork(delivered) };
  if (quiet) stderr.write(trouble(report, { ...options, colours: coloursFor(stderr, env) }));
  else stdout.write(summary(report, { ...options, colours: coloursFor(stdout, env) }));
}
