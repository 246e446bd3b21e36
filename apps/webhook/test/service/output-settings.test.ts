import * as v from 'valibot';
import { expect, test } from 'vitest';
import { SETTINGS } from '../../src/config/config.ts';
import { outputSettingsOf, outputsOf } from '../../src/service/output-settings.ts';

const config = v.parse(SETTINGS, {
  output: '/media',
  mix: { format: 'opus', bitrateKbps: 48 },
  callTypes: {
    audio_room: { make: ['mix'], mix: { format: 'wav' }, verify: false, output: 's3://rooms' },
    meeting: { output: '/media' },
  },
});
const settingsOf = outputSettingsOf(config);

test('what a call type sets goes before what is set for all, setting by setting and as a whole', () => {
  expect(settingsOf('audio_room')).toEqual({
    plan: { outputs: ['mix'], mix: { format: 'wav' } },
    output: 's3://rooms',
    template: '{date}/{callType}/{callId}/{startedAt}',
    verify: false,
  });
  expect(settingsOf('default')).toMatchObject({
    plan: { outputs: ['audio', 'video', 'muxed', 'mix'], mix: { format: 'opus', bitrateKbps: 48 } },
    output: '/media',
    verify: true,
  });
});

test.each(['constructor', '__proto__', 'toString', ''])('%j is a call type as any other', (name) => {
  expect(settingsOf(name)).toEqual(settingsOf('default'));
});

test('places that files go to, each once', () => {
  expect(outputsOf(config)).toEqual(['/media', 's3://rooms']);
});
