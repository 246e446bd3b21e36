import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Delivered } from '@rawreel/delivery';
import type { AwaitedRecording, WaitOptions } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import type { Context, Interruption } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import type { OptionsOf } from '../../declare/option.ts';
import type { Program } from '../../declare/program.ts';
import { exitCodeOf } from '../../exit-codes.ts';
import { CliError } from '../../failure/errors.ts';
import { explain } from '../../failure/explain-error.ts';
import { printReport, reportOf } from '../../make/print-report.ts';
import { type ConnectedToCall, connectToCall } from '../../stream/connect-to-stream.ts';
import { processRecording, withoutLink } from '../../stream/process-recording.ts';
import { withWayToWait } from '../../stream/ways-to-wait.ts';
import { clock } from '../../terminal/format-values.ts';
import { shellQuote } from '../../terminal/shell-quote.ts';
import { StatusLine } from '../../terminal/status-line.ts';
import type { recordingWatch } from './watch.ts';

/** How soon it is seen that the recording runs, that somebody else has stopped it, or that the call has ended. */
const POLL = { firstMs: 250, growth: 2, longestMs: 2000 };
/** A recording takes a few moments until it runs; one that is not seen by then has failed. */
const LONGEST_START_MS = 60_000;
/** How long a stop is repeated that found nothing to stop, for a recording that was started and not seen yet. */
const UNSEEN_STOP = { tries: 20, everyMs: 1000 };

type Options = OptionsOf<typeof recordingWatch.options>;

/** Start, follow, stop, wait, make media. The first Ctrl-C is for the recording, not for this program. */
export const run: Run<typeof recordingWatch> = async (options, context, program) => {
  const { quiet, call: name } = options;
  const say = (text: string) => (quiet ? true : context.stderr.write(`${text}\n`));
  const connected = await connectToCall(options, context);
  const which = await begin(connected, options, context, say);
  const lastSeen = await follow(connected, options, context);
  const awaited = { endedSince: lastSeen, ...which };
  if (!context.signal.aborted) {
    if (lastSeen === undefined) await neverRan(connected, options);
    else say('The recording has ended. Waiting until it is ready.');
    return await finish(connected, awaited, options, context, program);
  }
  const { signalName } = context.signal.reason as Interruption;
  if (signalName !== 'SIGINT') throw leftRunning(name, context.signal.reason as Interruption);
  // A second Ctrl-C ends the process: what is left to do needs no signal.
  const unhurried = { ...context, signal: new AbortController().signal };
  try {
    const isStopped = await stopForSure(connected, lastSeen !== undefined);
    if (!isStopped && lastSeen === undefined) throw notRecorded(name);
    say('Stopped. Waiting until the recording is ready.');
    return await finish(connected, awaited, options, unhurried, program);
  } catch (error) {
    throw asItIs(error);
  }
};

/** @returns what will identify the running recording in the list, as far as it is known now */
async function begin(
  { control, call }: ConnectedToCall,
  options: Options,
  { signal }: Context,
  say: (text: string) => void,
): Promise<WaitOptions> {
  const { externalStorage, waitForSession: waitForSessionMs, call: name } = options;
  const starting = control.start(call, { externalStorage, waitForSessionMs, signal });
  const started = await withWayToWait(starting, options).catch(async (error: unknown) => {
    // The start that is under way may still be carried out.
    const { signalName } = (signal.reason ?? {}) as Partial<Interruption>;
    if (signal.aborted && signalName === 'SIGINT') await control.stop(call);
    throw error;
  });
  const verb = started.state === 'started' ? 'Recording' : 'Already recording';
  say(`${verb} ${printable(name)}. Press Ctrl-C to stop and make files, twice to quit at once.`);
  if (started.state === 'started') return { since: started.since, endedSince: undefined };
  return { taken: await control.list(call, { signal }) };
}

/**
 * Until the recording has been seen under way and is over, or somebody wants something else. That it runs may be over between two looks.
 *
 * @returns the last time, by Stream's clock, at which it was seen running or about to; undefined where it was not
 */
async function follow(
  { control, call }: ConnectedToCall,
  { quiet, progress }: Options,
  context: Context,
): Promise<Date | undefined> {
  const { signal } = context;
  const line = new StatusLine(context);
  const begunAt = performance.now();
  let lookedAt: Date | undefined;
  let lastSeen: Date | undefined;
  try {
    for (let pauseMs = POLL.firstMs; ; pauseMs = Math.min(POLL.longestMs, pauseMs * POLL.growth)) {
      const { state, seenAt } = await control.status(call, { signal });
      lookedAt ??= seenAt;
      if (state !== 'notRunning') lastSeen = seenAt;
      const isLate = seenAt.getTime() - lookedAt.getTime() >= LONGEST_START_MS;
      if (state === 'notRunning' && (lastSeen !== undefined || isLate)) return lastSeen;
      if (!quiet && progress) line.show(() => `Watched for ${clock(performance.now() - begunAt)}`);
      await pause(pauseMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return lastSeen;
  } finally {
    line.clear();
  }
}

/** What has just been started may not be there to be stopped yet. */
async function stopForSure({ control, call }: ConnectedToCall, wasSeen: boolean): Promise<boolean> {
  for (let tries = wasSeen ? 1 : UNSEEN_STOP.tries; tries > 0; tries -= 1) {
    if ((await control.stop(call)).state === 'stopped') return true;
    if (tries > 1) await pause(UNSEEN_STOP.everyMs);
  }
  return false;
}

/** What was started does not keep running, whether it was seen or not. */
async function neverRan({ control, call }: ConnectedToCall, { call: name }: Options): Promise<void> {
  if ((await control.stop(call)).state === 'notRunning') throw notRecorded(name);
}

function notRecorded(call: string): CliError {
  return new CliError(`${printable(call)} was asked to be recorded, but no recording started`, {
    code: 'ERR_NOT_RECORDED',
    hints: [
      `It is not being recorded now. List finished recordings: rawreel recording list ${shellQuote(call)}`,
    ],
  });
}

async function finish(
  { control, call }: ConnectedToCall,
  which: WaitOptions,
  options: Options,
  context: Context,
  program: Program,
): Promise<number> {
  const recording: AwaitedRecording = await control.waitUntilReady(call, {
    ...which,
    timeoutMs: options.timeout,
    signal: context.signal,
  });
  const made = toldApart(await processRecording(recording, options, context, program), recording, options);
  if (options.json) {
    context.stdout.write(jsonText({ recording: withoutLink(recording), report: reportOf(made) }));
  } else printReport(made, options, context);
  return exitCodeOf(made.report, options.acceptDamage);
}

/** Files that were in the way are told with what makes these elsewhere: to watch again would record anew. */
function toldApart(made: Delivered, { filename, session }: AwaitedRecording, { call }: Options): Delivered {
  const which = `--session ${shellQuote(session)} --filename ${shellQuote(filename)}`;
  const hint = `It was not touched. Make the files elsewhere: rawreel recording download ${shellQuote(call)} ${which} --process --output <another folder>`;
  const failures = made.report.failures.map((failure) =>
    failure.code === 'ERR_OUTPUT_EXISTS' ? { ...failure, hint } : failure,
  );
  return { ...made, report: { ...made.report, failures } };
}

function leftRunning(call: string, { signalName, exitCode }: Interruption): CliError {
  return new CliError(`interrupted (${signalName}); ${printable(call)} is still being recorded`, {
    code: 'ERR_INTERRUPTED',
    hints: [`To stop that: rawreel recording stop ${shellQuote(call)}`],
    exitCode,
  });
}

/** For the caller, who would otherwise take every error after a Ctrl-C for its consequence. */
function asItIs(error: unknown): CliError {
  const { message, ...facts } = explain(error);
  return new CliError(message, { ...facts, cause: error });
}
