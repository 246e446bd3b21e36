import { type CodedFrame, opusHead } from '@rawreel/rtp';
import { describe, expect, test } from 'vitest';
import { RecentLoudness } from '../../src/write/recent-loudness.ts';

function packet(level: number | undefined, byteLength = 80, durationTicks = 960): CodedFrame {
  return {
    run: 0,
    rtpTicks: 0,
    receivedMs: 0,
    durationTicks,
    keyFrame: true,
    chunks: [],
    byteLength,
    lossBefore: 0,
    parameters: { codec: 'opus', channels: 1, codecPrivate: opusHead({ channels: 1 }) },
    rotation: 0,
    ...(level === undefined ? {} : { audioLevel: { level, voice: false } }),
  };
}

function after(packets: readonly CodedFrame[]): RecentLoudness {
  const loudness = new RecentLoudness();
  for (const one of packets) loudness.remember(one);
  return loudness;
}

const many = (count: number, one: (index: number) => CodedFrame) =>
  Array.from({ length: count }, (_, index) => one(index));

describe('recent loudness', () => {
  test.each([
    [100, true],
    [87, true],
    [86, false],
    [20, false],
  ])('by level · among 0 to 100, %i is quiet: %s', (level, expected) => {
    const loudness = after(many(505, (index) => packet(index % 101)));
    expect(loudness.isQuiet(packet(level))).toBe(expected);
  });

  test('by level · what was quieter than all of this is forgotten', () => {
    const loudness = after([...many(500, () => packet(110)), ...many(512, () => packet(30))]);
    expect(loudness.isQuiet(packet(30))).toBe(true);
    expect(loudness.isQuiet(packet(26))).toBe(false);
  });

  test('by level · a large packet may be quiet, a small one loud', () => {
    const loudness = after(many(100, (index) => packet(index < 50 ? 20 : 80)));
    expect(loudness.isQuiet(packet(80, 500))).toBe(true);
    expect(loudness.isQuiet(packet(20, 1))).toBe(false);
  });

  test('by size · what few are clearly smaller than is quiet, also where most are', () => {
    const loudness = after(many(101, (index) => packet(undefined, 40 + index)));
    expect(loudness.isQuiet(packet(undefined, 62))).toBe(true);
    expect(loudness.isQuiet(packet(undefined, 64))).toBe(false);
    const mostlySilent = after(many(512, (index) => packet(undefined, index % 50 === 0 ? 80 : 3)));
    expect(mostlySilent.isQuiet(packet(undefined, 3))).toBe(true);
    expect(mostlySilent.isQuiet(packet(undefined, 80))).toBe(false);
  });

  test('by size · of what lasts longer a packet may be larger', () => {
    const loudness = after(many(100, () => packet(undefined, 80, 960)));
    expect(loudness.isQuiet(packet(undefined, 230, 2880))).toBe(true);
    expect(loudness.isQuiet(packet(undefined, 101, 960))).toBe(false);
  });
});
