import { describe, expect, test } from 'vitest';
import type { RecordingControlError } from '../src/index.ts';
import { STANDUP, standIn } from './builders/stand-in.ts';

const LIMITED = { kind: 'rateLimited', resetAfterMs: 20_000 } as const;
const BROKEN = { kind: 'badGateway', effect: 'none' } as const;

describe('a request is repeated', () => {
  test.each([BROKEN, { kind: 'reset', effect: 'none' }, LIMITED] as const)(
    'where that is safe: $kind',
    async (fault) => {
      const { api, control, operations } = await standIn();
      api.fault({ fault, times: 2 });
      expect(await control.status(STANDUP)).toMatchObject({ state: 'notRunning' });
      expect(operations()).toEqual(['GetCall', 'GetCall', 'GetCall']);
    },
  );

  test('after growing pauses that chance shortens', async () => {
    const { api, control, clock } = await standIn({ control: { random: () => 0.25 } });
    api.fault({ fault: BROKEN, times: 4 });
    await control.status(STANDUP);
    expect(clock.sleeps).toEqual([125, 250, 500, 1000]);
  });

  test('so often, and then no more', async () => {
    const { api, control, operations } = await standIn();
    api.fault({ fault: BROKEN, times: 100 });
    await expect(control.status(STANDUP)).rejects.toMatchObject({ code: 'ERR_BAD_ANSWER' });
    expect(operations()).toHaveLength(5);
  });

  test('so long, and then no more', async () => {
    const { api, control, operations } = await standIn({
      control: { retry: { attempts: 100, withinMs: 3000 }, random: () => 1 },
    });
    api.fault({ fault: BROKEN, times: 100 });
    await expect(control.status(STANDUP)).rejects.toMatchObject({ code: 'ERR_BAD_ANSWER' });
    // At 0, 0.5 and 1.5 s; the next would be at 3.5 s.
    expect(operations()).toHaveLength(3);
  });

  test.each([
    ['refused', { kind: 'otherAnswer', status: 400, body: '{"code":4,"message":"no"}' }],
    ['of another shape', { kind: 'otherAnswer', status: 200, body: '{}' }],
  ] as const)('not at all where it would end the same: %s', async (_name, fault) => {
    const { api, control, operations } = await standIn();
    api.fault({ fault });
    await expect(control.status(STANDUP)).rejects.toThrow();
    expect(operations()).toHaveLength(1);
  });
});

describe('a rate limit', () => {
  test('is waited for until it ends', async () => {
    const { api, control, clock } = await standIn();
    api.fault({ operation: 'StartRecording', fault: LIMITED });
    const begun = clock.now();
    expect(await control.start(STANDUP)).toMatchObject({ state: 'started' });
    expect(clock.now() - begun).toBe(20_000 + 125);
  });

  test('does not send a start twice, nor look it up: it was not carried out', async () => {
    const { api, control, operations } = await standIn();
    api.fault({ operation: 'StartRecording', fault: LIMITED });
    await control.start(STANDUP);
    expect(operations()).toEqual(['GetCall', 'StartRecording', 'StartRecording']);
  });

  test('that ends beyond the budget is an error at once', async () => {
    const { api, control, clock } = await standIn();
    api.fault({ fault: { kind: 'rateLimited', resetAfterMs: 900_000 } });
    await expect(control.status(STANDUP)).rejects.toMatchObject({
      code: 'ERR_RATE_LIMITED',
      resetAt: new Date(clock.now() + 900_000),
    });
    expect(clock.sleeps).toEqual([]);
  });

  test('costs no attempt', async () => {
    const { api, control } = await standIn({ control: { retry: { attempts: 2, withinMs: 75_000 } } });
    api.fault({ fault: { kind: 'rateLimited', resetAfterMs: 1000 }, times: 10 });
    api.fault({ fault: BROKEN });
    expect(await control.status(STANDUP)).toMatchObject({ state: 'notRunning' });
  });

  test('that has passed by this machine’s clock still makes a pause', async () => {
    const { api, control, clock } = await standIn();
    api.fault({ fault: { kind: 'rateLimited', resetAfterMs: -60_000 }, times: 3 });
    await control.status(STANDUP);
    expect(clock.sleeps).toEqual([250, 500, 1000]);
  });

  test('that is used up holds the next request back, which is not sent to be refused', async () => {
    const { control, sent, clock } = await standIn({ api: { rateLimit: { requests: 3, windowMs: 60_000 } } });
    const begun = clock.now();
    for (let time = 0; time < 7; time += 1) await control.status(STANDUP);
    expect(sent('GetCall').map(({ status }) => status)).toEqual(Array(7).fill(200));
    expect(clock.now() - begun).toBeLessThan(121_000);
  });

  test('that is used up holds back those that work at the same time, too', async () => {
    const { control, api } = await standIn({ api: { rateLimit: { requests: 5, windowMs: 60_000 } } });
    const worker = async () => {
      for (let time = 0; time < 5; time += 1) await control.status(STANDUP);
    };
    await control.status(STANDUP);
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(api.requests.map(({ status }) => status)).toEqual(Array(21).fill(200));
  });
});

describe('a signal ends', () => {
  const REASON = new Error('enough');

  test('what has not begun, and nothing is sent', async () => {
    const { api, control } = await standIn();
    const signal = AbortSignal.abort(REASON);
    await expect(control.start(STANDUP, { signal })).rejects.toMatchObject({
      code: 'ERR_ABORTED',
      cause: REASON,
    });
    expect(api.requests).toEqual([]);
  });

  test('a request that is under way', async () => {
    const controller = new AbortController();
    const { api, control } = await standIn({ api: { onRequest: () => controller.abort(REASON) } });
    api.fault({ fault: { kind: 'timeout' } });
    await expect(control.status(STANDUP, { signal: controller.signal })).rejects.toMatchObject({
      code: 'ERR_ABORTED',
      cause: REASON,
    });
  });

  test('a pause before another try', async () => {
    const controller = new AbortController();
    const { api, control, operations } = await standIn({
      api: { onRequest: () => controller.abort(REASON) },
    });
    api.fault({ fault: LIMITED });
    const failure = control.status(STANDUP, { signal: controller.signal });
    await expect(failure).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect(operations()).toHaveLength(1);
  });

  test('waiting for the next window of a rate limit', async () => {
    const controller = new AbortController();
    const { control, sent, clock } = await standIn({ api: { rateLimit: { requests: 1, windowMs: 60_000 } } });
    await control.status(STANDUP);
    const waiting = control.status(STANDUP, { signal: controller.signal });
    controller.abort(REASON);
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_ABORTED', cause: REASON });
    expect(clock.sleeps).toHaveLength(1);
    expect(sent('GetCall')).toHaveLength(1);
  });

  test('looking up a start, and the error does not say that it timed out', async () => {
    const controller = new AbortController();
    const { api, control } = await standIn({
      api: { onRequest: ({ fault }) => fault === 'badGateway' && controller.abort(REASON) },
    });
    api.fault({ operation: 'StartRecording', fault: { kind: 'badGateway', effect: 'done' } });
    const error = await control
      .start(STANDUP, { signal: controller.signal })
      .catch((failure: RecordingControlError) => failure);
    expect(error).toMatchObject({
      code: 'ERR_ABORTED',
      hint: 'A request that was under way may still be carried out.',
    });
  });
});
