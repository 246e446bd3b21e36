import { createRecordingControl } from '@rawreel/recording-control';
import { startStreamApi } from '@rawreel/stream-api';
import { expect, onTestFinished, test } from 'vitest';
import { lookAtCallTypes, type WantedSettings } from '../../src/settings/wanted-settings.ts';

async function stream() {
  const api = await startStreamApi();
  onTestFinished(() => api.stop());
  const { settings } = createRecordingControl({ apiKey: api.apiKey, secret: api.secret, baseUrl: api.url });
  const look = (wanted: Record<string, WantedSettings>, mayChange = true) =>
    lookAtCallTypes(settings, { wanted, mayChange, signal: new AbortController().signal });
  const changes = () => api.requests.filter(({ operation }) => operation === 'UpdateCallType').length;
  return { settings, look, changes };
}

test('what differs is told with the command that sets it, and left as it is', async () => {
  const { settings, look, changes } = await stream();
  await settings.setForCallType('default', { mode: 'disabled', audioOnly: false });
  const found = await look({
    default: { mode: 'auto-on', audioOnly: true, enforce: false },
    livestream: { audioOnly: true, enforce: false },
    meeting: { mode: 'auto-on', enforce: false },
  });
  expect(found).toEqual([
    {
      callType: 'default',
      state: 'differs',
      message:
        'call type default is set otherwise at Stream: mode disabled, audio only off; it is to be mode auto-on, audio only on',
      command: 'rawreel settings set --call-type default --mode auto-on --audio-only',
    },
    expect.objectContaining({
      state: 'differs',
      command: 'rawreel settings set --call-type livestream --audio-only',
    }),
    { callType: 'meeting', state: 'absent', message: 'there is no call type meeting at Stream' },
  ]);
  expect(changes()).toBe(1);
});

test('what is to be enforced is set, and nothing else of it; then it is as it is to be', async () => {
  const { settings, look, changes } = await stream();
  await settings.setForCallType('default', { mode: 'available', audioOnly: true });
  const wanted = { default: { mode: 'auto-on', enforce: true } } as const;
  expect(await look(wanted, false)).toMatchObject([{ state: 'differs' }]);
  expect(await look(wanted)).toEqual([
    { callType: 'default', state: 'set', message: 'call type default is set now: mode auto-on' },
  ]);
  expect(await settings.getForCallType('default')).toEqual({ mode: 'auto-on', audioOnly: true });
  expect(await look(wanted)).toMatchObject([{ state: 'as-wanted' }]);
  expect(changes()).toBe(2);
});
