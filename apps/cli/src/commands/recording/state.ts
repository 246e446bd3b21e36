import type { RawRecordingSettings, RecordingStatus } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import { connectToCall } from '../../control/connect.ts';
import type { CallSettings, StartSettings, StopLiveSettings } from '../../declare/control-settings.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError } from '../../failure/errors.ts';
import { explain } from '../../failure/explain.ts';
import type { Surroundings } from '../../surroundings.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { shellQuote } from '../../terminal/shell-quote.ts';

export async function startRecording(settings: StartSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const { externalStorage, waitForSessionMs } = settings;
  const options = { externalStorage, waitForSessionMs, signal: around.signal };
  const started = await withWayToWait(control.start(call, options), settings);
  if (settings.json) return print(jsonText(started), around);
  const name = printable(settings.call);
  if (started.state === 'alreadyRunning') return print(`${name} is being recorded already\n`, around);
  return print(
    `Recording of ${name} started\n${waitLine('When it has been stopped', settings.call, '--since', started.since)}`,
    around,
  );
}

/** Also says how to wait for what was stopped, which is told by its end: one before it may be ready later than it is stopped. */
export async function stopRecording(settings: CallSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const stopped = await control.stop(call, { signal: around.signal });
  const name = printable(settings.call);
  if (settings.json) return print(jsonText(stopped), around);
  if (stopped.state === 'notRunning') return print(`${name} is not being recorded\n`, around);
  const line = waitLine('Until it is ready', settings.call, '--ended-since', stopped.endedSince);
  return print(`Recording of ${name} stopped\n${line}`, around);
}

function waitLine(when: string, call: string, flag: '--since' | '--ended-since', at: Date): string {
  const time = at.toISOString().replace('.000Z', 'Z');
  return `  ${when}: rawreel recording wait ${shellQuote(call)} ${flag} ${time}\n`;
}

export async function recordingStatus(settings: CallSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const status = await control.status(call, { signal: around.signal });
  if (settings.json) return print(jsonText(status), around);
  const { bold } = coloursFor(around.stdout, around.env);
  return print(`${bold(headline(settings.call, status))}\n  ${factsOf(status)}\n`, around);
}

const HEADLINES: Readonly<Record<RecordingStatus['state'], string>> = {
  running: 'is being recorded',
  starting: 'is about to be recorded: that has been started, and does not run yet',
  notRunning: 'is not being recorded',
};

const headline = (call: string, { state }: RecordingStatus): string =>
  `${printable(call)} ${HEADLINES[state]}`;

/** Where nobody is in the call: that can be waited for. */
export async function withWayToWait<Result>(
  starting: Promise<Result>,
  { call, waitForSessionMs }: Pick<StartSettings, 'call' | 'waitForSessionMs'>,
): Promise<Result> {
  try {
    return await starting;
  } catch (error) {
    const { message, hints, ...facts } = explain(error);
    if (facts.code !== 'ERR_NO_SESSION' || waitForSessionMs !== undefined) throw error;
    const wait = `To wait until somebody joins: rawreel recording start ${shellQuote(call)} --wait-for-session`;
    throw new CliError(message, { ...facts, hints: [...hints, wait], cause: error });
  }
}

function factsOf({ settings, isBackstage, isEncrypted, session }: RecordingStatus): string {
  const facts = [
    described(settings),
    isBackstage ? 'in its backstage' : 'not in a backstage',
    ...(isEncrypted ? ['end-to-end encrypted, so that it cannot be recorded'] : []),
    ...(session === undefined ? [] : [`session ${printable(session)}`]),
  ];
  return facts.join(' · ');
}

const described = ({ mode, audioOnly }: RawRecordingSettings): string =>
  `mode ${mode}, ${audioOnly ? 'sound only' : 'sound and pictures'}`;

export async function goLive(settings: StartSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const { externalStorage } = settings;
  const went = await control.goLive(call, { externalStorage, signal: around.signal });
  if (settings.json) return print(jsonText(went), around);
  const isLive = went.state === 'live' ? 'is live' : 'is live already';
  const isRecorded =
    went.recording === 'started' ? 'its recording has started' : 'it is being recorded already';
  return print(`${printable(settings.call)} ${isLive}, and ${isRecorded}\n`, around);
}

export async function stopLive(settings: StopLiveSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const { continueRecording } = settings;
  const stopped = await control.stopLive(call, { continueRecording, signal: around.signal });
  if (settings.json) return print(jsonText(stopped), around);
  const name = printable(settings.call);
  return print(
    stopped.state === 'notLive' ? `${name} is not live\n` : `${name} is back in its backstage\n`,
    around,
  );
}

function print(text: string, { stdout }: Surroundings): number {
  stdout.write(text);
  return EXIT.whole;
}
