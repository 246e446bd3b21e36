import type { RawRecordingSettings, RecordingStatus } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import { connectToCall } from '../../control/connect.ts';
import type { CallSettings, StartSettings, StopLiveSettings } from '../../declare/control-settings.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Surroundings } from '../../surroundings.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { shellQuote } from '../../terminal/shell-quote.ts';

export async function startRecording(settings: StartSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const { externalStorage } = settings;
  const started = await control.start(call, { externalStorage, signal: around.signal });
  if (settings.json) return print(jsonText(started), around);
  const name = printable(settings.call);
  if (started.state === 'alreadyRunning') return print(`${name} is being recorded already\n`, around);
  return print(
    `Recording of ${name} started\n${waitLine('When it has been stopped', settings.call, started.since)}`,
    around,
  );
}

/**
 * Also says how to wait for what was stopped: of one type only one recording of a call runs at a time, so it is the first that has
 * begun after all that were listed before had ended.
 */
export async function stopRecording(settings: CallSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const { signal } = around;
  const before = await control.list(call, { signal });
  const { state } = await control.stop(call, { signal });
  const name = printable(settings.call);
  if (state === 'notRunning') {
    return print(settings.json ? jsonText({ state }) : `${name} is not being recorded\n`, around);
  }
  const since = new Date(Math.max(0, ...before.map(({ endTime }) => endTime.getTime())));
  if (settings.json) return print(jsonText({ state, since }), around);
  return print(
    `Recording of ${name} stopped\n${waitLine('Until it is ready', settings.call, since)}`,
    around,
  );
}

function waitLine(when: string, call: string, since: Date): string {
  const time = since.toISOString().replace('.000Z', 'Z');
  return `  ${when}: rawreel recording wait ${shellQuote(call)} --since ${time}\n`;
}

export async function recordingStatus(settings: CallSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const status = await control.status(call, { signal: around.signal });
  if (settings.json) return print(jsonText(status), around);
  const { bold } = coloursFor(around.stdout, around.env);
  return print(`${bold(headline(settings.call, status))}\n  ${factsOf(status)}\n`, around);
}

function headline(call: string, { state }: RecordingStatus): string {
  return `${printable(call)} is ${state === 'running' ? '' : 'not '}being recorded`;
}

function factsOf({ settings, isBackstage, session }: RecordingStatus): string {
  const facts = [
    described(settings),
    isBackstage ? 'in its backstage' : 'not in a backstage',
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
