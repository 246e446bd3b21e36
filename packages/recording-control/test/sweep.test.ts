import { describe, expect, test } from 'vitest';
import type { SweepOptions, SweptCall } from '../src/index.ts';
import { type StandIn, standIn } from './builders/stand-in.ts';

const at = (day: number, hour = 12) => new Date(Date.UTC(2026, 10, day, hour));

const recording = (day: number, type: 'raw' | 'composite' = 'raw') => ({
  type,
  filename: `${type}-${day}.zip`,
  startedAt: at(day),
  stoppedAt: at(day, 13),
});

const CALLS = [
  // Made long ago, and used again and again.
  { id: 'daily', createdAt: at(1), recordings: [recording(17), recording(18), recording(18, 'composite')] },
  { id: 'over', createdAt: at(2), endedAt: at(16), recordings: [recording(15)] },
  { id: 'silent', createdAt: at(17) },
  { id: 'later', createdAt: at(19), recordings: [recording(19)] },
].map((call) => ({ type: 'default', ...call }));
const TALK = { type: 'livestream', id: 'talk', createdAt: at(17), recordings: [recording(18)] };

const DAY = { since: at(18, 0), until: at(19, 0) };

const crowd = () => standIn({ api: { seed: { calls: [...CALLS, TALK] } } });

async function swept({ control }: StandIn, options?: SweepOptions) {
  const all: SweptCall[] = [];
  for await (const each of control.sweep(options)) all.push(each);
  return all;
}

/** Call and files of what has recordings. */
const found = (all: readonly SweptCall[]) =>
  all.flatMap((each) =>
    each.state === 'listed' && each.recordings.length > 0
      ? [[each.call.id, ...each.recordings.map(({ filename }) => filename)]]
      : [],
  );

describe('a sweep', () => {
  test('finds what was recorded in a period, also of calls that were made before', async () => {
    const standing = await crowd();
    const all = await swept(standing, DAY);
    expect(found(all)).toEqual([
      ['daily', 'raw-18.zip'],
      ['talk', 'raw-18.zip'],
    ]);
    expect(all.map(({ call }) => call.id)).toEqual(['daily', 'silent', 'talk']);
    expect(standing.sent('QueryCalls').map(({ body }) => body)).toEqual([
      {
        filter_conditions: {
          created_at: { $lt: '2026-11-19T00:00:00.000Z' },
          $or: [{ ended_at: { $exists: false } }, { ended_at: { $gte: '2026-11-18T00:00:00.000Z' } }],
        },
        sort: [{ field: 'created_at', direction: 1 }],
        limit: 100,
      },
    ]);
  });

  test('of active calls only: ongoing, or made, changed or ended since; with all that was recorded of them', async () => {
    const busy = {
      type: 'default',
      id: 'busy',
      createdAt: at(1),
      participants: ['ann'],
      recordings: [recording(2)],
    };
    const gone = {
      type: 'default',
      id: 'gone',
      createdAt: at(1),
      endedAt: at(18),
      recordings: [recording(17)],
    };
    const standing = await standIn({ api: { seed: { calls: [...CALLS, busy, gone] } } });
    // What is seeded counts as changed when the stand-in starts, on the 20th.
    for (const { id } of CALLS) {
      const call = standing.api.state.calls.get(`default:${id}`);
      Object.assign(call ?? {}, { updatedAt: call?.createdAt });
    }
    Object.assign(standing.api.state.calls.get('default:gone') ?? {}, { updatedAt: at(1).getTime() });
    const all = await swept(standing, { since: at(18, 0), onlyActive: true, begunAnyTime: true });
    expect(found(all)).toEqual([
      ['busy', 'raw-2.zip'],
      ['gone', 'raw-17.zip'],
      ['later', 'raw-19.zip'],
    ]);
    expect(all.map(({ call }) => call.id)).not.toContain('silent');
  });

  test('of calls that are named: no other is asked for', async () => {
    const standing = await crowd();
    const calls = [TALK, { type: 'default', id: 'deleted' }, { type: 'default', id: 'a/b' }];
    const all = await swept(standing, { calls, begunAnyTime: true });
    expect(all).toMatchObject([
      { call: { id: 'talk' }, recordings: [{ filename: 'raw-18.zip' }] },
      { call: { id: 'deleted' }, error: { code: 'ERR_NOT_FOUND' } },
      { call: { id: 'a/b' }, error: { code: 'ERR_INVALID_NAME' } },
    ]);
    expect(standing.sent('QueryCalls')).toEqual([]);
  });

  test('takes all there is where nothing is told, of every type where that is', async () => {
    const standing = await crowd();
    expect(found(await swept(standing)).flat()).toHaveLength(4 + 5);
    expect(found(await swept(standing, { ...DAY, types: 'all', callTypes: ['default'] }))).toEqual([
      ['daily', 'composite-18.zip', 'raw-18.zip'],
    ]);
  });

  test('one call whose recordings cannot be listed keeps no other back', async () => {
    const standing = await crowd();
    const body = JSON.stringify({ code: 17, message: 'not allowed' });
    standing.api.fault({ operation: 'ListRecordings', fault: { kind: 'otherAnswer', status: 403, body } });
    const all = await swept(standing, { ...DAY, concurrency: 1 });
    expect(all[0]).toMatchObject({ state: 'failed', error: { code: 'ERR_NOT_PERMITTED' } });
    expect(found(all)).toEqual([['talk', 'raw-18.zip']]);
  });

  test('goes through all pages, so many lists at a time, inside the rate limit', async () => {
    const calls = Array.from({ length: 250 }, (_, number) => ({
      type: 'default',
      id: `call-${number}`,
      createdAt: new Date(at(10).getTime() + number),
      recordings: [recording(18)],
    }));
    const standing = await standIn({
      api: { seed: { calls }, rateLimit: { requests: 60, windowMs: 60_000 } },
    });
    const all = await swept(standing, DAY);
    expect(all.map(({ call }) => call.id)).toEqual(calls.map(({ id }) => id));
    expect(found(all)).toHaveLength(250);
    expect(standing.sent('QueryCalls')).toHaveLength(3);
  });

  test('ends with the signal', async () => {
    const controller = new AbortController();
    const standing = await crowd();
    const iterator = standing.control.sweep({ ...DAY, signal: controller.signal })[Symbol.asyncIterator]();
    controller.abort();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'ERR_ABORTED' });
  });

  test('a page that leads to itself does not go round for ever', async () => {
    const standing = await crowd();
    const body = JSON.stringify({ calls: [], next: 'again', duration: '1ms' });
    const fault = { kind: 'otherAnswer', status: 201, body } as const;
    standing.api.fault({ operation: 'QueryCalls', fault, times: 10 });
    await expect(swept(standing)).rejects.toMatchObject({ code: 'ERR_BAD_ANSWER' });
    expect(standing.sent('QueryCalls')).toHaveLength(2);
  });
});

test('the calls of a period are listed by themselves', async () => {
  const { control } = await crowd();
  const ids: string[] = [];
  for await (const { type, id } of control.calls({ until: at(3) })) ids.push(`${type}:${id}`);
  expect(ids).toEqual(['default:daily', 'default:over']);
});
