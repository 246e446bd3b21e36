import type { QueryCallsRequest, StreamClient } from '@stream-io/node-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StreamApi, startStreamApi } from '../src/index.ts';
import { clientOf, refusalOf } from './support/client.ts';

const at = (day: number) => new Date(Date.UTC(2026, 10, day, 12));

let api: StreamApi;
let client: StreamClient;
beforeAll(async () => {
  api = await startStreamApi({
    seed: {
      calls: [
        {
          type: 'default',
          id: 'monday',
          createdAt: at(16),
          endedAt: at(17),
          data: { starts_at: at(17).toISOString() },
        },
        {
          type: 'default',
          id: 'tuesday',
          createdAt: at(17),
          data: { created_by_id: 'ann', members: [{ user_id: 'bob' }], team: 'blue' },
        },
        { type: 'livestream', id: 'wednesday', createdAt: at(18), participants: ['ann'] },
      ],
    },
  });
  client = clientOf(api);
});
afterAll(() => api.stop());

const idsOf = ({ calls }: { calls: { call: { id: string } }[] }) => calls.map(({ call }) => call.id);

test.each<[string, NonNullable<QueryCallsRequest['filter_conditions']>, string[]]>([
  ['nothing', {}, ['wednesday', 'tuesday', 'monday']],
  ['a type', { type: 'default' }, ['tuesday', 'monday']],
  ['one of several', { cid: { $in: ['default:monday', 'livestream:wednesday'] } }, ['wednesday', 'monday']],
  ['none of none', { id: { $in: [] } }, []],
  ['who made it', { created_by_user_id: 'ann' }, ['tuesday']],
  ['a day', { created_at: { $gte: at(17).toISOString(), $lt: at(18).toISOString() } }, ['tuesday']],
  ['a time in another zone', { created_at: '2026-11-17T13:00:00+01:00' }, ['tuesday']],
  [
    'what is after and what is before',
    { created_at: { $gt: at(16).toISOString(), $lte: at(17).toISOString() } },
    ['tuesday'],
  ],
  ['what not all have', { starts_at: { $gt: at(1).toISOString() } }, ['monday']],
  ['backstage', { backstage: true }, ['wednesday']],
  ['what has ended', { ended_at: { $exists: true } }, ['monday']],
  ['what has not', { ended_at: { $exists: false } }, ['wednesday', 'tuesday']],
  ['when it has ended', { ended_at: { $lt: at(18).toISOString() } }, ['monday']],
  ['somebody being there', { ongoing: { $eq: true } }, ['wednesday']],
  ['members', { members: { $in: ['ann', 'bob'] } }, ['tuesday']],
  ['a team', { team: 'blue' }, ['tuesday']],
  ['one or the other', { $or: [{ id: 'monday' }, { id: 'tuesday' }] }, ['tuesday', 'monday']],
  ['one and the other', { $and: [{ type: 'default' }, { id: 'tuesday' }] }, ['tuesday']],
])('calls are found by %s', async (_, filter_conditions, expected) => {
  expect(idsOf(await client.video.queryCalls({ filter_conditions }))).toEqual(expected);
});

test('they are sorted as told', async () => {
  const sort = [{ field: 'type', direction: -1 }, { field: 'created_at' }];
  expect(idsOf(await client.video.queryCalls({ sort }))).toEqual(['wednesday', 'monday', 'tuesday']);
});

test('they come in pages, forth and back', async () => {
  const first = await client.video.queryCalls({ limit: 2 });
  expect([idsOf(first), first.prev]).toEqual([['wednesday', 'tuesday'], undefined]);
  const second = await client.video.queryCalls({ limit: 2, next: first.next ?? '' });
  expect([idsOf(second), second.next]).toEqual([['monday'], undefined]);
  expect(idsOf(await client.video.queryCalls({ limit: 2, prev: second.prev ?? '' }))).toEqual(idsOf(first));
});

test.each<[string, QueryCallsRequest]>([
  ['an operator', { filter_conditions: { id: { $regex: 'm' } } }],
  ['a time that is none', { filter_conditions: { created_at: 'yesterday' } }],
  ['a field to sort by', { sort: [{ field: 'colour' }] }],
  ['more calls than a page has', { limit: 101 }],
  ['less than no calls', { limit: -1 }],
  ['a third field to sort by', { sort: ['type', 'id', 'cid'].map((field) => ({ field })) }],
  ['to sort by who made it', { sort: [{ field: 'created_by_user_id' }] }],
  ['a comparison of what is in backstage', { filter_conditions: { backstage: { $gt: true } } }],
  ['members but those of a list', { filter_conditions: { members: 'ann' } }],
])('refuses %s that it does not know', async (_, request) => {
  expect(await refusalOf(client.video.queryCalls(request))).toMatchObject({ status: 400, code: 4 });
});
