import { StreamClient } from '@stream-io/node-sdk';
import { describe, expect, test } from 'vitest';
import { parseCallRef, type RecordingControl } from '../src/index.ts';
import { joined, STANDUP, standIn } from './builders/stand-in.ts';

const HAZARDS = [
  ['a slash', 'a/b'],
  ['a backslash, which URLs take for a slash', 'a\\b'],
  ['a question mark', 'a?b'],
  ['a hash', 'a#b'],
  ['a percent sign', 'a%2Fb'],
  ['one dot', '.'],
  ['two dots', '..'],
  ['$&', 'a$&b'],
  ['$$', 'a$$b'],
  ['$`', 'a$`b'],
  ["$'", "a$'b"],
  ['a place that the SDK fills later', '{id}'],
  ['a line feed, which URLs drop', 'a\nb'],
  ['half of a character', 'a\ud800b'],
] as const;

/** What the SDK would send as it is, but no API would take. */
const REFUSED_TOO = [
  ['a control character', 'a\u0007b'],
  ['nothing', ''],
] as const;

const PLACES: readonly (readonly [string, (control: RecordingControl, name: string) => Promise<unknown>])[] =
  [
    ['call id', (control, id) => control.start({ type: 'default', id })],
    ['call type of a call', (control, type) => control.list({ type, id: 'standup' })],
    ['file name', (control, filename) => control.delete(STANDUP, { session: 's', filename })],
    ['session id', (control, session) => control.delete(STANDUP, { session, filename: 'f.zip' })],
    ['call type', (control, name) => control.settings.setForCallType(name, { mode: 'disabled' })],
    ['storage', (control, name) => control.externalStorage.check(name)],
  ];

describe.each(PLACES)('%s', (_place, ask) => {
  test.each([...HAZARDS, ...REFUSED_TOO])(
    'with %s is refused before anything is sent',
    async (_hazard, name) => {
      const { api, control } = await standIn();
      await expect(ask(control, name)).rejects.toMatchObject({ code: 'ERR_INVALID_NAME' });
      expect(api.requests).toEqual([]);
    },
  );
});

test.each(HAZARDS)('the SDK by itself asks for something else where a name has %s', async (_hazard, type) => {
  const { api } = await standIn();
  const client = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
  await client.video
    .call(type, 'standup')
    .get()
    .catch(() => {});
  expect(segmentsOf(api.requests[0]?.path)).not.toEqual(['api', 'v2', 'video', 'call', type, 'standup']);
});

const segmentsOf = (path = '') => path.split('/').slice(1).map(decodeURIComponent);

test.each([
  'standup',
  'a.b',
  '...',
  'a b',
  'a$b',
  'a$',
  'user@example',
  'Zoë',
  '朝会',
  "a'b",
  'a:b',
  'a;b&c=d',
])('the id %s arrives as it is', async (id) => {
  const call = { type: 'default', id };
  const { control } = await standIn({ api: { seed: { calls: [joined(call)] } } });
  expect(await control.start(call)).toMatchObject({ state: 'started' });
  expect(await control.status(call)).toMatchObject({ call, state: 'running' });
});

test('a name that is no text, as JavaScript lets through, is not sent as the word undefined', async () => {
  const { api, control } = await standIn();
  const call = { type: 'default' } as Parameters<RecordingControl['start']>[0];
  await expect(control.start(call)).rejects.toMatchObject({ code: 'ERR_INVALID_NAME' });
  expect(api.requests).toEqual([]);
});

test('a call is read from type:id, at the first colon', () => {
  expect(parseCallRef('default:standup')).toEqual({ type: 'default', id: 'standup' });
  expect(parseCallRef('default:stand:up')).toEqual({ type: 'default', id: 'stand:up' });
});

test.each(['standup', ':standup', 'default:', '', 'default:a/b', 'de fault?:x'])(
  '"%s" is no call',
  (text) => {
    expect(() => parseCallRef(text)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_NAME' }));
  },
);
