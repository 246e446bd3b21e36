import { jsonText, printable } from '@rawreel/text';
import { connectToCall } from '../../control/connect.ts';
import { recordingTable } from '../../control/recording-table.ts';
import type { ListSettings, WaitSettings } from '../../declare/control-settings.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Surroundings } from '../../surroundings.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { count } from '../../terminal/units.ts';
import { widthOf } from '../../terminal/width.ts';

export async function listRecordings(settings: ListSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  const { types, session } = settings;
  const { stdout, stderr, env } = around;
  const onUnusable = (what: string) => stderr.write(`Left out of the list: ${what}\n`);
  const recordings = await control.list(call, { types, session, onUnusable, signal: around.signal });
  if (settings.json) {
    stdout.write(jsonText(recordings));
    return EXIT.whole;
  }
  const { bold } = coloursFor(stdout, env);
  const what = types === 'raw' ? 'raw recording' : 'recording';
  const head = bold(`${count(recordings.length, what)} of ${printable(settings.call)}`);
  const { lines, dropped } = recordingTable(recordings, {
    width: widthOf(stdout),
    now: Date.now(),
    withTypes: types === 'all',
    bold,
  });
  const table = recordings.length === 0 ? [] : ['', ...lines];
  stdout.write(`${[head, ...table].join('\n')}\n`);
  if (recordings.length > 0 && dropped.length > 0) {
    const { dim } = coloursFor(stderr, env);
    stderr.write(dim(`In a wider terminal, or with --json: ${dropped.join(', ')}\n`));
  }
  return EXIT.whole;
}

export async function waitForRecording(settings: WaitSettings, around: Surroundings): Promise<number> {
  const { control, call } = await connectToCall(settings, around);
  // A log needs no sign that something goes on.
  if (around.stderr.isTTY) around.stderr.write(`Waiting for a recording of ${printable(settings.call)}\n`);
  const { since, endedSince, timeoutMs } = settings;
  const options = { since, endedSince, timeoutMs, signal: around.signal };
  const recording = await control.waitUntilReady(call, options);
  if (settings.json) around.stdout.write(jsonText(recording));
  else {
    const options = { width: widthOf(around.stdout), now: Date.now(), withTypes: false };
    const { lines } = recordingTable([recording], options);
    around.stdout.write(`A recording of ${printable(settings.call)} is ready\n\n${lines.join('\n')}\n`);
  }
  return EXIT.whole;
}
