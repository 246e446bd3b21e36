import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { AwaitedRecording, WaitOptions } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import { connectToCall } from '../../control/connect.ts';
import { processRecording, withoutLink } from '../../control/process-recording.ts';
import type { WatchSettings } from '../../declare/control-settings.ts';
import { exitCodeOf } from '../../exit-codes.ts';
import { CliError } from '../../failure/errors.ts';
import { explain } from '../../failure/explain.ts';
import type { Interruption, Surroundings } from '../../surroundings.ts';
import { Line } from '../../terminal/line.ts';
import { clock } from '../../terminal/units.ts';
import { printReport, reportOf } from '../make.ts';

/** How soon it is seen that somebody else has stopped the recording, or that the call has ended. */
const POLL_MS = 2000;

type ConnectedCall = Awaited<ReturnType<typeof connectToCall>>;

/** Start, follow, stop, wait, make media. The first Ctrl-C is for the recording, not for this program. */
export async function watchRecording(
  settings: WatchSettings,
  around: Surroundings,
  madeBy: string,
): Promise<number> {
  const { quiet } = settings;
  const say = (text: string) => (quiet ? true : around.stderr.write(`${text}\n`));
  const connected = await connectToCall(settings, around);
  const which = await begin(connected, settings, around.signal, say);
  await follow(connected, settings, around);
  if (!around.signal.aborted) {
    say('The recording has ended. Waiting until it is ready.');
    return await finish(connected, which, settings, around, madeBy);
  }
  const { signalName } = around.signal.reason as Interruption;
  if (signalName !== 'SIGINT') throw leftRunning(settings.call, around.signal.reason as Interruption);
  // A second Ctrl-C ends the process: what is left to do needs no signal.
  const unhurried = { ...around, signal: new AbortController().signal };
  try {
    await connected.control.stop(connected.call);
    say('Stopped. Waiting until the recording is ready.');
    return await finish(connected, which, settings, unhurried, madeBy);
  } catch (error) {
    throw asItIs(error);
  }
}

/** @returns what the recording that runs will be told by once it is listed */
async function begin(
  { control, call }: ConnectedCall,
  { externalStorage, call: name }: WatchSettings,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<WaitOptions> {
  const started = await control.start(call, { externalStorage, signal });
  const verb = started.state === 'started' ? 'Recording' : 'Recorded already:';
  say(`${verb} ${printable(name)}. Ctrl-C stops the recording and makes files of it; twice leaves at once.`);
  if (started.state === 'started') return { since: started.since };
  return { taken: await control.list(call, { signal }) };
}

/** Until the recording has ended, or somebody wants something else. */
async function follow(
  { control, call }: ConnectedCall,
  { quiet }: WatchSettings,
  around: Surroundings,
): Promise<void> {
  const { signal } = around;
  const line = new Line(around);
  const begunAt = performance.now();
  try {
    while ((await control.status(call, { signal })).state === 'running') {
      if (!quiet) line.show(() => `Watched for ${clock(performance.now() - begunAt)}`);
      await pause(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    line.clear();
  }
}

async function finish(
  { control, call }: ConnectedCall,
  which: WaitOptions,
  settings: WatchSettings,
  around: Surroundings,
  madeBy: string,
): Promise<number> {
  const recording: AwaitedRecording = await control.waitUntilReady(call, {
    ...which,
    signal: around.signal,
  });
  const made = await processRecording(recording, settings, around, madeBy);
  if (settings.json) {
    around.stdout.write(jsonText({ recording: withoutLink(recording), report: reportOf(made) }));
  } else printReport(made, settings, around);
  return exitCodeOf(made.report, settings.acceptDamage);
}

function leftRunning(call: string, { signalName, exitCode }: Interruption): CliError {
  return new CliError(`interrupted (${signalName}); ${printable(call)} is still being recorded`, {
    code: 'ERR_INTERRUPTED',
    hints: [`To stop that: rawreel recording stop ${printable(call)}`],
    exitCode,
  });
}

/** For the caller, who would otherwise take every error after a Ctrl-C for its consequence. */
function asItIs(error: unknown): CliError {
  const { message, ...facts } = explain(error);
  return new CliError(message, { ...facts, cause: error });
}
