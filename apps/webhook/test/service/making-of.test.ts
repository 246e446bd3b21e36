import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { makingOf } from '../../src/service/making-of.ts';

const config: Config = {
  ...(await readConfig({ STREAM_API_KEY: 'k', STREAM_API_SECRET: 's' }, undefined)),
  output: '/media',
  mix: { format: 'opus', bitrateKbps: 48 },
  callTypes: { audio_room: { make: ['mix'], mix: { format: 'wav' }, verify: false, output: 's3://rooms' } },
};

test('what a call type sets goes before what is set for all, setting by setting and as a whole', () => {
  const making = makingOf(config);
  expect(making('audio_room')).toEqual({
    plan: { outputs: ['mix'], mix: { format: 'wav' } },
    output: 's3://rooms',
    template: '{date}/{callType}/{callId}/{startedAt}',
    verify: false,
  });
  expect(making('default')).toMatchObject({
    plan: { outputs: ['audio', 'video', 'muxed', 'mix'], mix: { format: 'opus', bitrateKbps: 48 } },
    output: '/media',
    verify: true,
  });
});

test.each(['constructor', '__proto__', 'toString', ''])('%j is a call type as any other', (name) => {
  expect(makingOf(config)(name)).toEqual(makingOf(config as never)('default'));
});
