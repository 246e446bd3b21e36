import { printable } from '@rawreel/text';
import type { Connected } from '../../../control/connect.ts';
import type { SweepSettings } from '../../../declare/control-settings.ts';
import { EXIT } from '../../../exit-codes.ts';
import { explain } from '../../../failure/explain.ts';
import type { Surroundings } from '../../../surroundings.ts';
import { Line } from '../../../terminal/line.ts';
import { count } from '../../../terminal/units.ts';
import type { Failure, Found, Swept } from './swept.ts';

/** Asks every call of the period for its recordings. */
export async function find(
  settings: SweepSettings,
  { control, door }: Connected,
  around: Surroundings,
): Promise<Found> {
  const { since, until, callType, types, isLatestOnly, parallel: concurrency } = settings;
  const line = new Line(around);
  const recordings: Swept[] = [];
  const failures: Failure[] = [];
  let calls = 0;
  const callTypes = callType === undefined ? undefined : [callType];
  const query = { since, until, callTypes, types, concurrency, signal: around.signal };
  try {
    for await (const swept of control.sweep(query)) {
      calls += 1;
      const call = door.formatCallRef(swept.call);
      line.show(() => `${count(calls, 'call')}, ${count(recordings.length, 'recording')}`);
      if (swept.state === 'failed') failures.push({ call, error: explain(swept.error) });
      else {
        failures.push(...swept.unusable.map((what) => leftOut(call, what)));
        const chosen = isLatestOnly ? swept.recordings.slice(-1) : swept.recordings;
        recordings.push(...chosen.map((recording) => ({ ...recording, call })));
      }
    }
  } finally {
    line.clear();
  }
  return { calls, recordings, failures };
}

/** What cannot be told from the list can be neither kept nor deleted. */
const leftOut = (call: string, what: string): Failure => ({
  call,
  error: {
    code: 'ERR_BAD_ANSWER',
    message: `An entry of the recordings of ${printable(call)} is left out: ${what}`,
    hints: [],
    exitCode: EXIT.failed,
  },
});
