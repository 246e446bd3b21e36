import { describe, expect, test } from 'vitest';
import { STANDUP, standIn } from './builders/stand-in.ts';

describe('settings of a call type', () => {
  test('are read', async () => {
    const { control } = await standIn();
    expect(await control.settings.getForCallType('default')).toEqual({ mode: 'available', audioOnly: false });
    expect(await control.settings.listCallTypes()).toEqual(
      ['audio_room', 'default', 'development', 'livestream'].map((name) => ({
        name,
        settings: { mode: 'available', audioOnly: false },
      })),
    );
  });

  test('change as told, and nothing else changes', async () => {
    const { api, control } = await standIn();
    const before = api.state.callTypes.get('livestream');
    const { settings, grants } = structuredClone({ settings: before?.settings, grants: before?.grants });
    expect(await control.settings.setForCallType('livestream', { mode: 'auto-on' })).toEqual({
      target: { callType: 'livestream' },
      state: 'changed',
      before: { mode: 'available', audioOnly: false },
      after: { mode: 'auto-on', audioOnly: false },
    });
    expect(api.state.callTypes.get('livestream')).toMatchObject({ grants });
    expect(api.state.callTypes.get('livestream')?.settings).toEqual({
      ...settings,
      raw_recording: { mode: 'auto-on', audio_only: false },
    });
  });

  test('keep the mode where only audio is told, and audio where only the mode is', async () => {
    const { api, control, sent } = await standIn();
    await control.settings.setForCallType('audio_room', { mode: 'auto-on' });
    await control.settings.setForCallType('audio_room', { audioOnly: true });
    await control.settings.setForCallType('audio_room', { mode: 'disabled' });
    expect(sent('UpdateCallType').map(({ body }) => body)).toEqual([
      { settings: { raw_recording: { mode: 'auto-on', audio_only: false } } },
      { settings: { raw_recording: { mode: 'auto-on', audio_only: true } } },
      { settings: { raw_recording: { mode: 'disabled', audio_only: true } } },
    ]);
    expect(api.state.callTypes.get('audio_room')).toMatchObject({
      settings: { raw_recording: { mode: 'disabled', audio_only: true } },
    });
  });

  test('that are so already are not sent', async () => {
    const { control, sent } = await standIn();
    expect(await control.settings.setForCallType('default', { mode: 'available' })).toEqual({
      target: { callType: 'default' },
      state: 'unchanged',
      settings: { mode: 'available', audioOnly: false },
    });
    expect(sent('UpdateCallType')).toEqual([]);
  });

  test('that did change before the connection broke are not sent again', async () => {
    const { api, control, operations } = await standIn();
    api.fault({ operation: 'UpdateCallType', fault: { kind: 'reset', effect: 'done' } });
    await control.settings.setForCallType('default', { mode: 'auto-on' });
    expect(operations()).toEqual(['GetCallType', 'UpdateCallType', 'GetCallType']);
  });

  test('with a mode that is not known here are no guess', async () => {
    const { api, control } = await standIn();
    const settings = { raw_recording: { mode: 'sometimes' } };
    const body = JSON.stringify({ name: 'default', settings });
    api.fault({ operation: 'GetCallType', fault: { kind: 'otherAnswer', status: 200, body } });
    await expect(control.settings.setForCallType('default', { audioOnly: true })).rejects.toMatchObject({
      code: 'ERR_BAD_ANSWER',
      message: expect.stringContaining('"sometimes"'),
    });
  });
});

describe('settings of a call', () => {
  test('are its call type’s until it has its own, which then hold for it alone', async () => {
    const { api, control } = await standIn();
    await control.settings.setForCallType('default', { audioOnly: true });
    expect(await control.settings.getForCall(STANDUP)).toEqual({ mode: 'available', audioOnly: true });
    expect(await control.settings.setForCall(STANDUP, { mode: 'disabled' })).toMatchObject({
      target: { call: STANDUP },
      state: 'changed',
      after: { mode: 'disabled', audioOnly: true },
    });
    expect(await control.settings.getForCall(STANDUP)).toEqual({ mode: 'disabled', audioOnly: true });
    expect(await control.settings.getForCallType('default')).toEqual({ mode: 'available', audioOnly: true });
    expect(api.state.calls.get('default:standup')?.override).toEqual({
      raw_recording: { mode: 'disabled', audio_only: true },
    });
  });

  test('leave other overrides alone', async () => {
    const data = { settings_override: { audio: { default_device: 'earpiece' } } } as const;
    const { api, control } = await standIn({ api: { seed: { calls: [{ ...STANDUP, data }] } } });
    await control.settings.setForCall(STANDUP, { mode: 'auto-on' });
    expect(api.state.calls.get('default:standup')?.override).toMatchObject(data.settings_override);
  });
});
