import { OwnCapability, StreamClient } from '@stream-io/node-sdk';
import { expect, test } from 'vitest';
import { RECORDING_CAPABILITIES } from '../src/index.ts';
import { standIn } from './builders/stand-in.ts';

const RAW = ['start-raw-record-call', 'stop-raw-record-call'];

test('what of recordings each role may do is read', async () => {
  const { control } = await standIn();
  expect(await control.grants.get('default')).toEqual({
    admin: ['start-record-call', 'stop-record-call'],
    user: [],
  });
});

test('a role gets exactly what is told of recordings; other capabilities and other roles stay', async () => {
  const { api, control } = await standIn();
  const before = api.state.callTypes.get('default')?.grants;
  expect(await control.grants.set('default', 'user', RAW)).toEqual({
    state: 'changed',
    before: [],
    after: RAW,
  });
  expect(await control.grants.get('default')).toEqual({
    admin: ['start-record-call', 'stop-record-call'],
    user: RAW,
  });
  expect(api.state.callTypes.get('default')?.grants).toEqual({
    ...before,
    user: ['create-call', 'join-call', 'read-call', ...RAW],
  });
  await control.grants.set('default', 'user', []);
  expect(api.state.callTypes.get('default')?.grants).toEqual(before);
});

test('a role that the call type does not name yet is added', async () => {
  const { control } = await standIn();
  await control.grants.set('default', 'host', RAW);
  expect(await control.grants.get('default')).toMatchObject({ host: RAW });
});

test('what a role may do already, in whatever order, is not sent', async () => {
  const { control, sent } = await standIn();
  await control.grants.set('default', 'user', RAW);
  const again = await control.grants.set('default', 'user', [...RAW].reverse());
  expect(again).toMatchObject({ state: 'unchanged' });
  expect(sent('UpdateCallType')).toHaveLength(1);
});

test('a grant that did arrive before the connection broke is not sent again', async () => {
  const { api, control, sent } = await standIn();
  api.fault({ operation: 'UpdateCallType', fault: { kind: 'reset', effect: 'done' } });
  expect(await control.grants.set('default', 'user', RAW)).toMatchObject({ state: 'changed' });
  expect(sent('UpdateCallType')).toHaveLength(1);
});

test('a capability that is none of recordings is refused: it could not be taken away again here', async () => {
  const { api, control } = await standIn();
  await expect(control.grants.set('default', 'user', ['join-call'])).rejects.toMatchObject({
    code: 'ERR_BAD_REQUEST',
  });
  expect(api.requests).toEqual([]);
});

test.each(['start-raw-recording-call', 'record-call', 'start-raw-recrod-call'])(
  'a capability that Stream does not know (%s) is refused, and those that it knows are named',
  async (capability) => {
    const { control, sent } = await standIn();
    await expect(control.grants.set('default', 'user', [...RAW, capability])).rejects.toMatchObject({
      code: 'ERR_BAD_REQUEST',
      message: `"${capability}" is not a recording capability: nothing was changed`,
      hint: expect.stringContaining('start-raw-record-call, stop-raw-record-call'),
    });
    expect(sent('UpdateCallType')).toEqual([]);
  },
);

test('a capability that the call type has, though no type tells of it, stays and can be granted', async () => {
  const callTypes = [{ name: 'talks', grants: { host: ['list-recordings'], guest: [] } }];
  const { control } = await standIn({ api: { seed: { calls: [], callTypes } } });
  const granted = ['list-recordings', ...RAW];
  for (const role of ['host', 'guest'])
    expect(await control.grants.set('talks', role, granted)).toMatchObject({ after: granted });
});

test('the capabilities are those of the SDK', () => {
  const known = Object.values(OwnCapability).filter((capability) => capability.includes('record'));
  expect([...RECORDING_CAPABILITIES].sort()).toEqual(known.sort());
});

test('settings and grants do not undo each other', async () => {
  const { api, control } = await standIn();
  const client = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
  await control.grants.set('default', 'user', RAW);
  await control.settings.setForCallType('default', { mode: 'auto-on' });
  const { grants, settings } = await client.video.getCallType({ name: 'default' });
  expect(grants).toMatchObject({ user: expect.arrayContaining(RAW) });
  expect(settings.raw_recording.mode).toBe('auto-on');
});
