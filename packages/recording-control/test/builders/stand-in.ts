import { type SeenRequest, type StreamApi, type StreamApiOptions, startStreamApi } from '@rawreel/stream-api';
import { onTestFinished } from 'vitest';
import {
  type Clock,
  type ControlOptions,
  createRecordingControl,
  type RecordingControl,
} from '../../src/index.ts';

/** Time that goes on when somebody sleeps, and then at once. */
export interface TestClock extends Clock {
  /** How long was slept each time, in milliseconds. */
  readonly sleeps: readonly number[];
}

export function testClock(startsAt = Date.UTC(2026, 10, 20, 9, 30)): TestClock {
  let time = startsAt;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      time += ms;
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    },
  };
}

export interface StandIn {
  readonly api: StreamApi;
  readonly control: RecordingControl;
  readonly clock: TestClock;
  /** What has been asked since, by name: `GetCall`, `StartRecording`. */
  operations(): readonly (string | undefined)[];
  /** Of one name. */
  sent(operation: string): readonly SeenRequest[];
}

export const STANDUP = { type: 'default', id: 'standup' };
export const SHOW = { type: 'livestream', id: 'show' };

/** With somebody in it: nothing else can be recorded. */
export const joined = <Call extends object>(call: Call) => ({ ...call, participants: ['ann'] });

interface Options {
  readonly api?: Omit<StreamApiOptions, 'now'>;
  readonly control?: Omit<ControlOptions, 'clock'>;
}

/** A stand-in with the calls `default:standup` and `livestream:show`, whose time is that of the control. */
export async function standIn({ api: options = {}, control = {} }: Options = {}): Promise<StandIn> {
  const clock = testClock();
  const seed = { calls: [STANDUP, SHOW].map(joined), ...options.seed };
  const api = await startStreamApi({ ...options, seed, now: clock.now });
  onTestFinished(() => api.stop());
  const { url: baseUrl, apiKey, secret } = api;
  return {
    api,
    clock,
    control: createRecordingControl({ apiKey, secret, baseUrl }, { random: () => 0.5, ...control, clock }),
    operations: () => api.requests.map(({ operation }) => operation),
    sent: (wanted) => api.requests.filter(({ operation }) => operation === wanted),
  };
}

/** Without waiting until it is ready. */
export const recordOnce = async ({ control, clock }: StandIn, call = STANDUP) => {
  const started = await control.start(call);
  await clock.sleep(60_000, undefined);
  await control.stop(call);
  if (started.state !== 'started') throw new Error(`${call.id} was recorded already`);
  return started;
};
