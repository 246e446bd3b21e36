import { encodeOpus } from '@rawreel/fixtures';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { HeardWindow } from '../../src/speech/heard-window.ts';
import { SpeechDetector, type SpeechPacket } from '../../src/speech/speech-detector.ts';
import type { Turn } from '../../src/speech/turn-builder.ts';
import { BOUNDARY_MS, compareTurns } from './truth.ts';

function detect(packets: Iterable<SpeechPacket>) {
  const detector = new SpeechDetector();
  for (const packet of packets) detector.push(packet);
  return { turns: detector.finish(), evidence: detector.evidence };
}

const TRUTH: readonly Turn[] = [
  { startMs: 400, endMs: 3000 },
  { startMs: 5000, endMs: 5600 },
  { startMs: 8000, endMs: 58_000 },
  { startMs: 140_000, endMs: 143_000 },
];

/** Even numbers in [0, 1) that depend on the packet's number only. */
const even = (index: number) => (Math.imul(index + 1, 2_654_435_761) >>> 8) / 2 ** 24;

/** Packets of 20 ms for 150 s, each made of whether somebody speaks in it, how loud (0–1, syllables), and its number. */
function talk(make: (speaks: boolean, voice: number, index: number) => Partial<SpeechPacket> | undefined) {
  return Array.from({ length: 7500 }, (_, index): SpeechPacket[] => {
    const atMs = index * 20;
    const turn = TRUTH.find(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
    const syllable =
      turn === undefined ? 0 : Math.abs(Math.sin((Math.PI * (atMs + 90 - turn.startMs)) / 180));
    const made = make(turn !== undefined, syllable, index);
    return made === undefined ? [] : [{ atMs, durationMs: 20, byteLength: 80, ...made }];
  }).flat();
}

const levelOf = (speechDb: number, floorDb: number) => (speaks: boolean, voice: number, index: number) => {
  const db = speaks ? Math.max(floorDb, speechDb - 25 * (1 - voice)) : floorDb + 4 * (even(index) - 0.5);
  return { audioLevel: { level: Math.round(Math.max(0, Math.min(127, -db))), voice: true } };
};

describe('speech detector', () => {
  test.each([
    ['levels, quiet room', 'level', talk(levelOf(-24, -72))],
    ['levels, digital silence', 'level', talk(levelOf(-24, -127))],
    ['levels, loud fan', 'level', talk(levelOf(-20, -46))],
    ['levels, far from the microphone', 'level', talk(levelOf(-42, -75))],
    [
      'levels, DTX',
      'level',
      talk((speaks, voice, index) =>
        speaks || index % 20 === 0 ? levelOf(-24, -65)(speaks, voice, index) : undefined,
      ),
    ],
    [
      'levels and a V bit that means something',
      'level',
      talk((speaks, voice, index) => ({
        audioLevel: { ...levelOf(-24, -70)(speaks, voice, index).audioLevel, voice: speaks && voice > 0.3 },
      })),
    ],
    ['voice flags of the encoder', 'vad', talk((speaks, voice) => ({ voice: speaks && voice > 0.4 }))],
    [
      'sizes, variable rate',
      'size',
      talk((speaks, voice, index) => ({
        byteLength: Math.round(speaks ? 110 + 160 * voice : 90 + 25 * even(index)),
      })),
    ],
    [
      'sizes, silence of three bytes',
      'size',
      talk((speaks, voice, index) => ({
        byteLength: Math.round(speaks ? 110 + 160 * voice + 20 * even(index) : 3),
      })),
    ],
    [
      'constant rate, DTX',
      'presence',
      // One packet of comfort noise each 400 ms, and right after it one of a TOC byte.
      talk((speaks, _, index) => {
        const lastEndMs = TRUTH.findLast(({ endMs }) => endMs <= index * 20)?.endMs ?? 0;
        const quietMs = index * 20 - lastEndMs;
        if (speaks || (quietMs > 0 && quietMs % 400 === 0)) return {};
        return quietMs % 400 === 20 ? { byteLength: 1 } : undefined;
      }),
    ],
  ])('%s', (_, evidence, packets) => {
    const found = detect(packets);
    const { covered, wrong, worstBoundaryMs } = compareTurns(found.turns, TRUTH);
    expect(found.evidence).toBe(evidence);
    expect(found.turns).toHaveLength(TRUTH.length);
    expect(covered).toBeGreaterThanOrEqual(0.95);
    expect(wrong).toBeLessThanOrEqual(0.05);
    expect(worstBoundaryMs).toBeLessThanOrEqual(BOUNDARY_MS);
  });

  test.each([0, 0.0005, 0.003])('levels of rendered speech, noise of amplitude %d', async (background) => {
    const truth = [
      { startMs: 1500, endMs: 4200 },
      { startMs: 5400, endMs: 6000 },
      { startMs: 9000, endMs: 19_300 },
    ];
    const { packets, pcm, samplesPerPacket } = await encodeOpus({
      startMs: 0,
      channels: 1,
      hz: 1370,
      trueRate: 48_000,
      background,
      frameMs: 20,
      packets: 1200,
      bitrate: 32_000,
      application: 'voip',
      speech: truth.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs })),
    });
    const found = detect(
      packets.map(({ byteLength }, index) => {
        const sound = pcm.subarray(index * samplesPerPacket, (index + 1) * samplesPerPacket);
        const power = sound.reduce((sum, value) => sum + (value / 32_768) ** 2, 0) / sound.length;
        const level = Math.min(127, Math.round(-10 * Math.log10(power)));
        return { atMs: index * 20, durationMs: 20, byteLength, audioLevel: { level, voice: level < 100 } };
      }),
    );
    const { covered, wrong, worstBoundaryMs } = compareTurns(found.turns, truth);
    expect(found.turns).toHaveLength(truth.length);
    expect(covered).toBeGreaterThanOrEqual(0.95);
    expect(wrong).toBeLessThanOrEqual(0.05);
    expect(worstBoundaryMs).toBeLessThanOrEqual(BOUNDARY_MS);
  });

  test('constant rate without DTX · all that was sent is one turn, and the evidence says so', () => {
    expect(detect(talk(() => ({})))).toEqual({
      turns: [{ startMs: 0, endMs: 150_000 }],
      evidence: 'presence',
    });
  });

  test('a constant rate that changes on the way is still constant', () => {
    const { turns, evidence } = detect(talk((_, __, index) => ({ byteLength: index < 3000 ? 120 : 60 })));
    expect({ turns, evidence }).toEqual({ turns: [{ startMs: 0, endMs: 150_000 }], evidence: 'presence' });
  });

  test.each<[string, SpeechPacket[]]>([
    ['nothing', []],
    ['a muted microphone, by level', talk(() => ({ audioLevel: { level: 127, voice: false } }))],
    ['noise, by level', talk((_, __, index) => levelOf(0, -50)(false, 0, index))],
    ['noise, by size', talk((_, __, index) => ({ byteLength: Math.round(90 + 25 * even(index)) }))],
    ['packets of DTX', talk(() => ({ byteLength: 1 }))],
    [
      'a loud sound of which the sender says that it is no voice',
      talk((speaks, _, index) => ({
        audioLevel: { level: speaks ? 20 : 70, voice: index === 0 },
      })),
    ],
    [
      'a click each second',
      talk((_, __, index) => ({ audioLevel: { level: index % 50 === 0 ? 15 : 70, voice: true } })),
    ],
  ])('%s · no turn', (_, packets) => {
    expect(detect(packets).turns).toEqual([]);
  });

  test('pauses between words join, between sentences part', () => {
    const at = (fromMs: number, toMs: number) =>
      Array.from({ length: (toMs - fromMs) / 20 }, (_, i) => ({
        atMs: fromMs + i * 20,
        durationMs: 20,
        byteLength: 80,
        voice: true,
      }));
    const { turns } = detect([...at(0, 500), ...at(780, 1000), ...at(1320, 1500), ...at(2000, 2080)]);
    expect(turns).toEqual([
      { startMs: 0, endMs: 1000 },
      { startMs: 1320, endMs: 1500 },
    ]);
  });

  const packet = fc.record({
    gapMs: fc.oneof(fc.constant(0), fc.double({ min: -50, max: 2000, noNaN: true })),
    durationMs: fc.constantFrom(0, 2.5, 20, 60, 120),
    byteLength: fc.nat(1500),
    audioLevel: fc.option(fc.record({ level: fc.nat(127), voice: fc.boolean() }), { nil: undefined }),
    voice: fc.option(fc.boolean(), { nil: undefined }),
  });

  test('whatever comes · turns are in order, apart and within the packets', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 400, size: 'max' }), (made) => {
        let atMs = 0;
        const packets = made.map(({ gapMs, audioLevel, voice, ...rest }): SpeechPacket => {
          const placed = { ...rest, atMs };
          atMs = Math.max(0, atMs + rest.durationMs + gapMs);
          return {
            ...placed,
            ...(audioLevel === undefined ? {} : { audioLevel }),
            ...(voice === undefined ? {} : { voice }),
          };
        });
        const { turns } = detect(packets);
        let reachedMs = 0;
        for (const { startMs, endMs } of turns) {
          expect(startMs).toBeGreaterThanOrEqual(reachedMs);
          expect(endMs).toBeGreaterThan(startMs);
          reachedMs = endMs;
        }
        const latestMs = Math.max(...packets.map((one) => one.atMs));
        expect(reachedMs).toBeLessThanOrEqual(Math.max(0, latestMs + 120));
      }),
    );
  });

  test('packets that all claim one moment are little more work than others', () => {
    const looks = vi.spyOn(HeardWindow.prototype, 'heardBy');
    onTestFinished(() => looks.mockRestore());
    const looked = (everyMs: number) => {
      looks.mockClear();
      const bytes = Array.from({ length: 3000 }, (_, i) => 80 + (i % 40));
      const { turns } = detect(
        bytes.map((byteLength, i) => ({ atMs: i * everyMs, durationMs: 20, byteLength })),
      );
      return { turns, looks: looks.mock.calls.length };
    };
    const moment = looked(0);
    expect(moment.turns.length).toBeLessThanOrEqual(1);
    expect(moment.looks).toBeLessThan(10 * looked(20).looks);
  });
});
