import { describe, expect, test } from 'vitest';
import { joined, SHOW, standIn } from './builders/stand-in.ts';

const storage = { name: 'ours', bucket: 'b', storage_type: 'gcs', gcs_credentials: '{}' } as const;
const staging = () => standIn({ api: { seed: { calls: [joined(SHOW)], externalStorages: [storage] } } });

describe('going live', () => {
  test('starts raw recording, to the storage that is named', async () => {
    const { api, control, sent } = await staging();
    expect(await control.goLive(SHOW, { externalStorage: 'ours' })).toEqual({
      state: 'live',
      recording: 'started',
    });
    expect(sent('GoLive').map(({ body }) => body)).toEqual([
      { start_raw_recording: true, recording_storage_name: 'ours' },
    ]);
    expect(api.state.calls.get('livestream:show')).toMatchObject({
      backstage: false,
      recordings: [{ type: 'raw', phase: 'running', externalStorage: 'ours' }],
    });
  });

  test('keeps a recording that runs backstage', async () => {
    const { api, control } = await staging();
    await control.start(SHOW);
    expect(await control.goLive(SHOW)).toEqual({ state: 'live', recording: 'alreadyRunning' });
    expect(api.state.calls.get('livestream:show')?.recordings).toHaveLength(1);
  });

  test('of what is live only starts the recording, if there is none', async () => {
    const { control, sent } = await staging();
    await control.goLive(SHOW);
    expect(await control.goLive(SHOW)).toEqual({ state: 'alreadyLive', recording: 'alreadyRunning' });
    await control.stop(SHOW);
    expect(await control.goLive(SHOW)).toEqual({ state: 'alreadyLive', recording: 'started' });
    expect(sent('GoLive')).toHaveLength(1);
  });

  test('that did happen before the connection broke is not repeated', async () => {
    const { api, control, sent } = await staging();
    api.fault({ operation: 'GoLive', fault: { kind: 'reset', effect: 'done' } });
    expect(await control.goLive(SHOW)).toEqual({ state: 'live', recording: 'started' });
    expect(sent('GoLive')).toHaveLength(1);
  });

  test('where raw recording is switched off names the setting', async () => {
    const { control } = await staging();
    await control.settings.setForCall(SHOW, { mode: 'disabled' });
    await expect(control.goLive(SHOW)).rejects.toMatchObject({
      code: 'ERR_RECORDING_DISABLED',
      setting: 'settings.raw_recording.mode',
    });
  });
});

describe('leaving live', () => {
  test('stops raw recording', async () => {
    const { api, control } = await staging();
    await control.goLive(SHOW);
    expect(await control.stopLive(SHOW)).toEqual({ state: 'stopped' });
    expect(api.state.calls.get('livestream:show')).toMatchObject({
      backstage: true,
      recordings: [{ phase: 'processing' }],
    });
  });

  test('lets it go on where told to', async () => {
    const { control } = await staging();
    await control.goLive(SHOW);
    await control.stopLive(SHOW, { continueRecording: true });
    expect(await control.status(SHOW)).toMatchObject({ state: 'running', isBackstage: true });
  });

  test('of what is not live is a state', async () => {
    const { control, sent } = await staging();
    expect(await control.stopLive(SHOW)).toEqual({ state: 'notLive' });
    expect(sent('StopLive')).toEqual([]);
  });

  test('that is refused is not put down to a setting of recording', async () => {
    const { api, control } = await staging();
    await control.goLive(SHOW);
    await control.settings.setForCall(SHOW, { mode: 'disabled' });
    const body = '{"code":17,"message":"no"}';
    api.fault({ operation: 'StopLive', fault: { kind: 'otherAnswer', status: 403, body } });
    await expect(control.stopLive(SHOW)).rejects.toMatchObject({ code: 'ERR_NOT_PERMITTED' });
  });

  test('that did happen before a 502 is not repeated', async () => {
    const { api, control, sent } = await staging();
    await control.goLive(SHOW);
    api.fault({ operation: 'StopLive', fault: { kind: 'badGateway', effect: 'done' } });
    expect(await control.stopLive(SHOW)).toEqual({ state: 'stopped' });
    expect(sent('StopLive')).toHaveLength(1);
  });
});
