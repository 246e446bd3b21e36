import type { SessionSpec } from '@rawreel/fixtures';
import { describe, expect, test } from 'vitest';
import { behind, camera, causesOf, LENGTH_MS, named, outage, told, user, voice } from './caused.ts';

const lossy = (fromMs: number, toMs: number, share: number) => ({ lossy: [{ fromMs, toMs, share }] });

describe('network freeze', () => {
  test('the only track there is · found, less certainly', async () => {
    const causes = await causesOf([user('bob', [voice({ impair: outage(15_000, 17_000) })])]);
    expect(causes).toMatchObject([{ cause: 'network-freeze', userId: 'bob', confidence: 'medium' }]);
  });

  test('near miss · half a second, which buffers take', async () => {
    const causes = await causesOf([user('bob', behind({}, outage(15_000, 15_450)))]);
    expect(named(causes)).not.toContain('network-freeze bob');
  });
});

describe('server-side gap', () => {
  test('both of two at once · found, less certainly', async () => {
    const impair = outage(15_000, 16_500);
    const causes = await causesOf(['ann', 'bob'].map((id) => user(id, [voice({ impair })])));
    expect(causes).toMatchObject([{ cause: 'server-gap', confidence: 'medium', evidence: { present: 2 } }]);
  });

  test('near miss · all of three, one after another', async () => {
    const causes = await causesOf(
      ['ann', 'bob', 'cy'].map((id, at) =>
        user(id, [voice({ impair: outage(12_000 + at * 3000, 13_500 + at * 3000) })]),
      ),
    );
    expect(named(causes).sort()).toEqual(['network-freeze ann', 'network-freeze bob', 'network-freeze cy']);
  });

  test('near miss · nobody else was there', async () => {
    const late = { segments: [{ startMs: 25_000, durationMs: 10_000 }] };
    const causes = await causesOf([
      user('ann', [voice({ impair: outage(15_000, 16_500) })]),
      user('bob', [voice(late)]),
    ]);
    expect(named(causes)).toEqual(['network-freeze ann']);
  });
});

describe('packet loss', () => {
  test('a tenth for six seconds · found, with what it did to the sound', async () => {
    const causes = await causesOf([user('bob', [voice({ impair: lossy(14_000, 20_000, 0.1) })])]);
    expect(named(causes)).toEqual(['packet-loss bob']);
    expect(Number(told(causes[0], 'concealedMs'))).toBe(20 * Number(told(causes[0], 'lost')));
    expect(Math.abs((causes[0]?.fromMs ?? 0) - 14_000)).toBeLessThan(2000);
    expect(Math.abs((causes[0]?.untilMs ?? 0) - 20_000)).toBeLessThan(2000);
  });

  test('near miss · a hundredth all along', async () => {
    expect(await causesOf([user('bob', [voice({ impair: lossy(0, LENGTH_MS, 0.01) })])])).toEqual([]);
  });

  test('near miss · a moment', async () => {
    expect(await causesOf([user('bob', [voice({ impair: lossy(15_100, 15_800, 0.4) })])])).toEqual([]);
  });

  test('near miss · what RED brought back', async () => {
    const impair = { ...lossy(14_000, 20_000, 0.06), red: true };
    const found = await causesOf([user('bob', [voice({ impair })])]);
    const without = await causesOf([user('bob', [voice({ impair: lossy(14_000, 20_000, 0.06) })])]);
    expect([found, named(without)]).toEqual([[], ['packet-loss bob']]);
  });
});

describe('congestion', () => {
  const queues = (peakMs: number) => [{ fromMs: 12_000, toMs: 18_000, peakMs }];

  test('near miss · a queue that is hardly one, with loss', async () => {
    const causes = await causesOf([user('bob', behind({ queues: queues(60) }, lossy(14_000, 18_000, 0.1)))]);
    expect(named(causes)).toEqual(['packet-loss bob']);
  });

  test('near miss · loss long before the queue', async () => {
    const causes = await causesOf([user('bob', behind({ queues: queues(400) }, lossy(2000, 5000, 0.15)))]);
    expect(named(causes)).toEqual(['packet-loss bob']);
  });
});

describe('a sender whose machine was busy', () => {
  const slower = (durationMs: number) => ({
    segments: [
      {
        startMs: 0,
        durationMs: LENGTH_MS,
        parts: [{ durationMs: 14_000 }, { durationMs, fps: 7 }, {}],
      },
    ],
  });

  test('near miss · three seconds', async () => {
    expect(await causesOf([user('bob', [voice(), camera(slower(3000))])])).toEqual([]);
  });

  test('near miss · while the network lost packets', async () => {
    const impair = lossy(13_000, 26_000, 0.06);
    const causes = await causesOf([user('bob', [voice({ impair }), camera({ ...slower(12_000), impair })])]);
    expect(named(causes)).not.toContain('cpu-limited bob');
  });

  test('near miss · three quarters of the usual rate', async () => {
    const segments = [
      {
        startMs: 0,
        durationMs: LENGTH_MS,
        parts: [{ durationMs: 14_000 }, { durationMs: 12_000, fps: 15 }, {}],
      },
    ];
    expect(await causesOf([user('bob', [voice(), camera({ segments })])])).toEqual([]);
  });
});

describe('a microphone’s clock', () => {
  const long = { segments: [{ startMs: 0, durationMs: 90_000 }] };

  test('800 millionths fast · found', async () => {
    const causes = await causesOf([user('carol', [voice({ driftPpm: 800, ...long })])]);
    expect(named(causes)).toEqual(['bad-clock carol']);
    expect(Math.abs(Number(told(causes[0], 'driftPpm')) - 800)).toBeLessThan(100);
    expect(causes[0]?.sentence).toMatch(/^microphone clock 0\.0\d % fast/);
  });

  test('near miss · twenty seconds tell no rate', async () => {
    const segments = [{ startMs: 0, durationMs: 20_000 }];
    expect(await causesOf([user('carol', [voice({ driftPpm: 3000, segments })])])).toEqual([]);
  });

  test('near miss · nobody reported, so that it may be the network’s delay that grew', async () => {
    const causes = await causesOf([user('carol', [voice({ driftPpm: 800, reports: 'none', ...long })])]);
    expect(named(causes)).toEqual([]);
  });
});

describe('a blocked camera', () => {
  const textured = { texture: 0.5, bitrate: 400_000 };
  const covered = (durationMs: number) =>
    camera({
      keyFrameEveryMs: 60_000,
      segments: [
        {
          startMs: 0,
          durationMs: LENGTH_MS,
          parts: [{ durationMs: 14_000, ...textured }, { durationMs, covered: true }, textured],
        },
      ],
    });

  test('near miss · a hand that passes by', async () => {
    expect(await causesOf([user('bob', [voice(), covered(2000)])])).toEqual([]);
  });

  test('near miss · switched off', async () => {
    const segments = [
      { startMs: 0, durationMs: 14_000 },
      { startMs: 24_000, durationMs: 14_000 },
    ];
    expect(await causesOf([user('bob', [voice(), camera({ ...textured, segments })])])).toEqual([]);
  });
});

describe('a recording that begins in mid-call', () => {
  const startUnixMs = Date.UTC(2026, 10, 20, 9, 30);
  const begun = (ms: number): Partial<SessionSpec> => ({
    editMetadata: (metadata) => ({
      ...metadata,
      call_start_time: new Date(startUnixMs - ms).toISOString(),
    }),
  });

  test('near miss · seconds old', async () => {
    const users = ['ann', 'bob', 'cy'].map((id) => user(id, [voice()], begun(6000)));
    expect(await causesOf(users, { startUnixMs })).toEqual([]);
  });

  test('near miss · somebody waits alone', async () => {
    const causes = await causesOf(
      [
        user('ann', [voice()], begun(300_000)),
        user('bob', [voice({ segments: [{ startMs: 8000, durationMs: 20_000 }] })], begun(300_000)),
      ],
      { startUnixMs },
    );
    expect(causes).toEqual([]);
  });
});

describe('late key frames', () => {
  test('none at all · found, and said to be so', async () => {
    const segments = [{ startMs: 0, durationMs: 8000, firstKeyFrameAfterMs: 9000 }];
    const causes = await causesOf([user('bob', [camera({ keyFrameEveryMs: 60_000, segments })])]);
    expect(causes[0]?.sentence).toMatch(/never had a key frame/);
  });

  test('near miss · a second', async () => {
    const segments = [{ startMs: 0, durationMs: 20_000, firstKeyFrameAfterMs: 1000 }];
    expect(await causesOf([user('bob', [camera({ segments })])])).toEqual([]);
  });
});
