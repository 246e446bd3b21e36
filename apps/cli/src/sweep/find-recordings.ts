import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { explain } from '../failure/explain-error.ts';
import type { Connected } from '../stream/connect-to-stream.ts';
import { count } from '../terminal/format-values.ts';
import { StatusLine } from '../terminal/status-line.ts';
import type { SweepSettings } from './sweep-settings.ts';
import type { Failure, Found, SweptRecording } from './sweep-types.ts';

/** Asks every call of the period for its recordings. */
export async function findRecordings(
  settings: SweepSettings,
  { control, library }: Connected,
  context: Context,
): Promise<Found> {
  const { since, until, callType, types, isLatestOnly, parallel: concurrency, hasProgress } = settings;
  const line = new StatusLine(context);
  const recordings: SweptRecording[] = [];
  const failures: Failure[] = [];
  let calls = 0;
  const callTypes = callType === undefined ? undefined : [callType];
  const query = { since, until, callTypes, types, concurrency, signal: context.signal };
  try {
    for await (const swept of control.sweep(query)) {
      calls += 1;
      const call = library.formatCallRef(swept.call);
      if (hasProgress) line.show(() => `${count(calls, 'call')}, ${count(recordings.length, 'recording')}`);
      if (swept.state === 'failed') failures.push({ call, error: explain(swept.error) });
      else {
        failures.push(...swept.unusable.map((what) => leftOut(call, what)));
        const wanted = isLatestOnly ? swept.recordings.slice(-1) : swept.recordings;
        recordings.push(...wanted.map((recording) => ({ ...recording, call })));
      }
    }
  } finally {
    line.clear();
  }
  return { calls, recordings, failures };
}

/** An entry that cannot be identified can be neither kept nor deleted. */
const leftOut = (call: string, what: string): Failure => ({
  call,
  error: {
    code: 'ERR_BAD_ANSWER',
    message: `Skipped an unusable recording of ${printable(call)}: ${what}`,
    hints: [],
    exitCode: EXIT.failed,
  },
});
