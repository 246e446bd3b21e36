import type { CallSettingsRequest, StreamClient } from '@stream-io/node-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StreamApi, startStreamApi } from '../src/index.ts';
import { clientOf, refusalOf } from './support/client.ts';

let api: StreamApi;
let client: StreamClient;
beforeEach(async () => {
  api = await startStreamApi({
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
  });
  client = clientOf(api);
});
afterEach(() => api.stop());

test('a call has the settings of its type, but for what it overrides', async () => {
  const call = client.video.call('default', 'standup');
  await client.video.updateCallType({
    name: 'default',
    settings: { raw_recording: { mode: 'auto-on' }, limits: { max_participants: 5 } },
  });
  expect((await call.get()).call.settings.raw_recording).toEqual({ mode: 'auto-on', audio_only: false });
  await call.update({ settings_override: { raw_recording: { mode: 'disabled', audio_only: true } } });
  const { settings } = (await call.get()).call;
  expect(settings.raw_recording).toEqual({ mode: 'disabled', audio_only: true });
  expect(settings.limits.max_participants).toBe(5);
});

test('a section is taken whole: who leaves a field out loses it', async () => {
  const settings = { raw_recording: { mode: 'available', audio_only: true } } as const;
  await client.video.updateCallType({ name: 'default', settings });
  const changed = await client.video.updateCallType({
    name: 'default',
    settings: { raw_recording: { mode: 'auto-on' } },
  });
  expect(changed.settings.raw_recording).toEqual({ mode: 'auto-on', audio_only: false });
});

test('grants are taken whole, and nothing else of the call type changes', async () => {
  const before = await client.video.getCallType({ name: 'default' });
  const grants = { host: ['start-raw-record-call'] };
  await client.video.updateCallType({ name: 'default', grants });
  const after = await client.video.getCallType({ name: 'default' });
  expect(after.grants).toEqual(grants);
  expect(after.settings).toEqual(before.settings);
});

test('a new call type has the grants it is told, and the usual ones of other roles', async () => {
  const { grants } = await client.video.createCallType({ name: 'voice', grants: { host: ['mute-users'] } });
  const usual = (await client.video.getCallType({ name: 'default' })).grants;
  expect(grants).toEqual({ ...usual, host: ['mute-users'] });
});

test('getOrCreate creates once', async () => {
  const call = client.video.call('default', 'new');
  const data = { created_by_id: 'ann', custom: { room: 1 } };
  expect((await call.getOrCreate({ data })).created).toBe(true);
  const again = await call.getOrCreate({ data: { ...data, custom: { room: 2 } } });
  expect(again.created).toBe(false);
  expect(again.call.custom).toEqual({ room: 1 });
});

test('an encoded id is one id, whatever is in it', async () => {
  const id = 'a/b?c#d%';
  await client.video.call('default', encodeURIComponent(id)).getOrCreate({ data: { created_by_id: 'ann' } });
  expect(api.state.calls.has(`default:${id}`)).toBe(true);
});

test('external storages are listed without their credentials, ten at most', async () => {
  const create = (index: number) =>
    client.createExternalStorage({
      name: `storage-${index}`,
      bucket: 'calls',
      storage_type: 's3',
      path: 'raw/',
      aws_s3: { s3_region: 'eu-west-1', s3_api_key: 'id', s3_secret: 'secret' },
    });
  for (let index = 0; index < 10; index += 1) await create(index);
  const { external_storages } = await client.listExternalStorage();
  expect(external_storages['storage-3']).toEqual({
    name: 'storage-3',
    bucket: 'calls',
    path: 'raw/',
    type: 's3',
  });
  expect(await refusalOf(create(10))).toMatchObject({ status: 400, code: 4 });
  const first = await client.checkExternalStorage({ name: 'storage-3' });
  const second = await client.checkExternalStorage({ name: 'storage-3' });
  expect(first.file_url).toMatch(/\/calls\/raw\/stream-[\w-]+\.md$/);
  expect(second.file_url).not.toBe(first.file_url);
});

test('every section of settings that the SDK has types for is taken', async () => {
  const layout = { name: 'grid', detect_orientation: true, options: { logo: 'x' } } as const;
  const settings: Required<CallSettingsRequest> = {
    audio: { default_device: 'speaker', noise_cancellation: { mode: 'available' } },
    backstage: { enabled: true, join_ahead_time_seconds: 60 },
    broadcasting: {
      hls: { quality_tracks: ['720p', 'portrait-720x1280'], layout },
      rtmp: { quality: '1080p', layout },
    },
    encryption: { mode: 'disabled' },
    frame_recording: { capture_interval_in_seconds: 5, mode: 'available', quality: '1440p' },
    geofencing: { names: ['european_union'] },
    individual_recording: { mode: 'available', output_types: ['audio_only', 'screenshare_audio_video'] },
    ingress: {
      audio_encoding_options: { bitrate: 64_000, channels: '2', enable_dtx: true },
      video_encoding_options: {
        camera: {
          layers: [
            {
              bitrate: 1_000_000,
              codec: 'vp8',
              frame_rate_limit: 30,
              max_dimension: 1280,
              min_dimension: 720,
            },
          ],
          source: { fps: '30', height: 720, width: 1280 },
        },
      },
    },
    limits: { max_participants_exclude_roles: ['host'], max_duration_seconds: 3600 },
    raw_recording: { mode: 'auto-on', audio_only: true },
    recording: { mode: 'auto-on', quality: 'portrait-360x640', layout },
    ring: { auto_cancel_timeout_ms: 5000, incoming_call_timeout_ms: 5000 },
    screensharing: { enabled: true, target_resolution: { width: 1920, height: 1080 } },
    session: { inactivity_timeout_seconds: 30 },
    thumbnails: { enabled: true },
    transcription: {
      mode: 'available',
      language: 'de',
      speech_segment_config: { silence_duration_ms: 500 },
      translation: { enabled: true, languages: ['fr'] },
    },
    video: { camera_facing: 'front', target_resolution: { width: 640, height: 480, bitrate: 500_000 } },
  };
  const created = await client.video.createCallType({ name: 'everything', settings });
  expect(created.settings).toMatchObject(settings);
});

test('a seed that the API would refuse cannot be planted', async () => {
  const broken = { callTypes: [{ name: 'voice', external_storage: 'nowhere' }] };
  await expect(startStreamApi({ seed: broken })).rejects.toThrow('external storage nowhere does not exist');
});
