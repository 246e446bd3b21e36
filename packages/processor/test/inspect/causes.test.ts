import type { SessionSpec } from '@rawreel/fixtures';
import { describe, expect, test } from 'vitest';
import { behind, camera, causesOf, LENGTH_MS, named, outage, told, user, voice } from './caused.ts';
import { inspected } from './inspected.ts';

test('a call without trouble · has no cause, and a headline that says so', async () => {
  const { inspection } = await inspected({
    seed: 'calm',
    users: [user('ann', behind({})), user('bob', behind({ jitterMs: 8 }))],
  });
  expect(inspection.causes).toEqual([]);
  expect(inspection.headline).toBe('no trouble: nobody lacked sound or picture');
});

describe('network freeze', () => {
  test('all tracks of one participant lost for two seconds, twice · found once, with both times', async () => {
    const impair = { outages: [outage(10_000, 12_000).outages[0], outage(20_000, 21_000).outages[0]] };
    const causes = await causesOf([user('ann', behind({})), user('bob', behind({}, impair))]);
    expect(named(causes)).toEqual(['network-freeze bob']);
    const [cause] = causes;
    expect(cause).toMatchObject({ confidence: 'high', evidence: { count: 2, tracks: 2 } });
    expect(cause?.times).toHaveLength(2);
    expect(Math.abs((cause?.times[0]?.fromMs ?? 0) - 10_000)).toBeLessThan(150);
    expect(Math.abs((cause?.times[0]?.untilMs ?? 0) - 12_000)).toBeLessThan(150);
    expect(cause?.sentence).toMatch(
      /^network froze twice from 0:10 to 0:21 \(longest 2\.\d s\): both tracks stood together, \d+ packets lost$/,
    );
  });

  test('held, then all at once · found, though nothing was lost', async () => {
    const causes = await causesOf([user('bob', behind({ holds: [{ fromMs: 15_000, toMs: 16_500 }] }))]);
    expect(named(causes)).toEqual(['network-freeze bob']);
    expect(causes[0]?.sentence).toMatch(/all came 1\.\d s late$/);
  });

  test('near miss · the camera alone stands, while sound goes on', async () => {
    const causes = await causesOf([user('bob', [voice(), camera({ impair: outage(15_000, 17_000) })])]);
    expect(named(causes)).not.toContain('network-freeze bob');
  });

  test('near miss · both muted at once, which ends a segment', async () => {
    const segments = [
      { startMs: 0, durationMs: 15_000 },
      { startMs: 18_000, durationMs: 15_000 },
    ];
    expect(await causesOf([user('bob', [voice({ segments }), camera({ segments })])])).toEqual([]);
  });

  test('near miss · a speaker’s pause in DTX with the camera off', async () => {
    const speech = [{ fromMs: 2000, toMs: 8000 }];
    expect(await causesOf([user('bob', [voice({ dtx: true, speech })])])).toEqual([]);
  });
});

describe('server-side gap', () => {
  test('all three stand at once · the server’s, and nobody’s network', async () => {
    const impair = outage(15_000, 16_500);
    const causes = await causesOf(['ann', 'bob', 'cy'].map((id) => user(id, behind({}, impair))));
    expect(named(causes)).toEqual(['server-gap -']);
    expect(causes[0]).toMatchObject({ confidence: 'high', evidence: { participants: 3, present: 3 } });
  });

  test('near miss · two of four stand: their own networks', async () => {
    const impair = outage(15_000, 16_500);
    const causes = await causesOf([
      user('ann', [voice()]),
      user('bob', [voice({ impair })]),
      user('cy', [voice({ impair })]),
      user('di', [voice()]),
    ]);
    expect(named(causes).sort()).toEqual(['network-freeze bob', 'network-freeze cy']);
  });
});

describe('congestion', () => {
  const queues = [{ fromMs: 12_000, toMs: 18_000, peakMs: 500 }];
  const smaller = {
    segments: [
      {
        startMs: 0,
        durationMs: LENGTH_MS,
        parts: [{ durationMs: 17_000 }, { width: 160, height: 90 }],
      },
    ],
  };

  test('delay, then loss, then a smaller picture · found with all three', async () => {
    const impair = { lossy: [{ fromMs: 14_000, toMs: 18_000, share: 0.2 }] };
    const causes = await causesOf([
      user('bob', [
        voice({ network: { queues }, impair }),
        camera({ network: { queues }, impair, ...smaller }),
      ]),
    ]);
    expect(named(causes)).toEqual(['congestion bob']);
    expect(causes[0]).toMatchObject({
      confidence: 'high',
      evidence: { sizeBefore: '320×180', sizeAfter: '160×90' },
    });
    expect(Number(told(causes[0], 'peakDelayMs'))).toBeGreaterThan(350);
    expect(Number(told(causes[0], 'peakDelayMs'))).toBeLessThan(520);
    expect(Math.abs((causes[0]?.fromMs ?? 0) - 13_000)).toBeLessThan(1500);
  });

  test('delay and loss · found, less certainly', async () => {
    const impair = { lossy: [{ fromMs: 14_000, toMs: 18_000, share: 0.2 }] };
    const causes = await causesOf([user('bob', behind({ queues }, impair))]);
    expect(causes.find(({ cause }) => cause === 'congestion')?.confidence).toBe('medium');
  });

  test('near miss · a queue that nothing came of', async () => {
    expect(await causesOf([user('bob', behind({ queues }))])).toEqual([]);
  });

  test('near miss · loss without a queue is loss', async () => {
    const impair = { lossy: [{ fromMs: 14_000, toMs: 22_000, share: 0.15 }] };
    const causes = await causesOf([user('bob', behind({}, impair))]);
    expect(named(causes)).toEqual(['packet-loss bob']);
    expect(Number(told(causes[0], 'lossShare'))).toBeGreaterThan(0.08);
  });

  test('near miss · a smaller picture without a queue', async () => {
    expect(named(await causesOf([user('bob', [voice(), camera(smaller)])]))).not.toContain('congestion bob');
  });

  test('near miss · loss that RTX repaired', async () => {
    const impair = { lossy: [{ fromMs: 14_000, toMs: 22_000, share: 0.15 }], rtx: { repairs: 1 } };
    expect(await causesOf([user('bob', [voice(), camera({ impair })])])).toEqual([]);
  });
});

describe('a sender whose machine was busy', () => {
  const slower = (fps: number, more: object = {}) => ({
    segments: [
      {
        startMs: 0,
        durationMs: LENGTH_MS,
        parts: [{ durationMs: 14_000 }, { durationMs: 12_000, fps, ...more }, {}],
      },
    ],
  });

  test('fewer pictures without loss or delay · found', async () => {
    const causes = await causesOf([user('bob', [voice(), camera(slower(7))])]);
    expect(named(causes)).toEqual(['cpu-limited bob']);
    expect(causes[0]).toMatchObject({ confidence: 'medium', evidence: { usualFps: 20, fps: 7 } });
    expect(Math.abs((causes[0]?.fromMs ?? 0) - 14_000)).toBeLessThan(1500);
    expect(Math.abs((causes[0]?.untilMs ?? 0) - 26_000)).toBeLessThan(1500);
  });

  test('and smaller ones · found for certain', async () => {
    const causes = await causesOf([user('bob', [voice(), camera(slower(7, { width: 160, height: 90 }))])]);
    expect(causes).toMatchObject([{ cause: 'cpu-limited', confidence: 'high' }]);
  });

  test('near miss · fewer pictures behind a queue', async () => {
    const network = { queues: [{ fromMs: 11_000, toMs: 24_000, peakMs: 400 }] };
    const causes = await causesOf([user('bob', [voice({ network }), camera({ network, ...slower(7) })])]);
    expect(named(causes)).not.toContain('cpu-limited bob');
  });

  test('near miss · pictures that cannot be shown for what was lost', async () => {
    const causes = await causesOf([
      user('bob', [voice(), camera({ keyFrameEveryMs: 10_000, impair: { losePackets: [222, 223, 224] } })]),
    ]);
    expect(named(causes)).not.toContain('cpu-limited bob');
  });

  test('near miss · a shared screen, which has as many as change', async () => {
    const causes = await causesOf([user('bob', [voice(), camera({ screenshare: true, ...slower(4) })])]);
    expect(causes).toEqual([]);
  });
});

describe('a microphone’s clock', () => {
  const long = { segments: [{ startMs: 0, durationMs: 90_000 }] };

  test('3000 millionths slow · found, with what it came to', async () => {
    const causes = await causesOf([user('carol', [voice({ driftPpm: -3000, ...long })])]);
    expect(named(causes)).toEqual(['bad-clock carol']);
    expect(Math.abs(Number(told(causes[0], 'driftPpm')) + 3000)).toBeLessThan(150);
    expect(causes[0]?.sentence).toMatch(/^microphone clock 0\.[23]\d % slow/);
  });

  test('near miss · 120 millionths are usual', async () => {
    expect(await causesOf([user('carol', [voice({ driftPpm: 120, ...long })])])).toEqual([]);
  });
});

describe('a blocked camera', () => {
  const textured = { texture: 0.5, bitrate: 400_000 };

  test('pictures of next to nothing · found, at their time', async () => {
    const causes = await causesOf([
      user('bob', [
        voice(),
        camera({
          keyFrameEveryMs: 60_000,
          segments: [
            {
              startMs: 0,
              durationMs: LENGTH_MS,
              parts: [{ durationMs: 14_000, ...textured }, { durationMs: 10_000, covered: true }, textured],
            },
          ],
        }),
      ]),
    ]);
    expect(named(causes)).toEqual(['camera-blocked bob']);
    expect(Math.abs((causes[0]?.fromMs ?? 0) - 14_000)).toBeLessThan(2100);
  });

  test('near miss · a third of the bitrate', async () => {
    const parts = [
      { durationMs: 14_000, ...textured },
      { durationMs: 10_000, bitrate: 130_000, texture: 0.5 },
      textured,
    ];
    const causes = await causesOf([
      user('bob', [voice(), camera({ segments: [{ startMs: 0, durationMs: LENGTH_MS, parts }] })]),
    ]);
    expect(causes).toEqual([]);
  });
});

describe('a recording that begins in mid-call', () => {
  const begun = (ms: number): Partial<SessionSpec> => ({
    editMetadata: (metadata) => ({
      ...metadata,
      call_start_time: new Date(Date.UTC(2026, 10, 20, 9, 30) - ms).toISOString(),
    }),
  });

  test('the call minutes old, everybody there · found', async () => {
    const causes = await causesOf(
      ['ann', 'bob', 'cy'].map((id) => user(id, [voice()], begun(300_000))),
      { startUnixMs: Date.UTC(2026, 10, 20, 9, 30) },
    );
    expect(named(causes)).toEqual(['recorded-late -']);
    expect(causes[0]).toMatchObject({ confidence: 'high', evidence: { presentAtOnce: 3 } });
  });

  test('near miss · an old call that one after another joins', async () => {
    const causes = await causesOf(
      ['ann', 'bob', 'cy'].map((id, index) =>
        user(id, [voice({ segments: [{ startMs: index * 8000, durationMs: 10_000 }] })], begun(300_000)),
      ),
      { startUnixMs: Date.UTC(2026, 10, 20, 9, 30) },
    );
    expect(causes).toEqual([]);
  });
});

describe('late key frames', () => {
  test('a camera that begins inside a group of pictures · found, with the wait', async () => {
    const causes = await causesOf([
      user('bob', [camera({ segments: [{ startMs: 0, durationMs: 20_000, firstKeyFrameAfterMs: 4000 }] })]),
    ]);
    expect(named(causes)).toEqual(['late-key-frame bob']);
    expect(Math.abs(Number(told(causes[0], 'waitedMs')) - 4000)).toBeLessThan(100);
  });

  test('somebody joins, and none comes for ten seconds · found, named with the newcomer', async () => {
    const causes = await causesOf([
      user('bob', [camera({ keyFrameEveryMs: 30_000 })]),
      user('ann', [voice({ segments: [{ startMs: 16_000, durationMs: 20_000 }] })]),
    ]);
    expect(named(causes)).toEqual(['late-key-frame bob']);
    expect(told(causes[0], 'newcomer')).toBe('ann');
  });

  test('near miss · a key frame two seconds behind a join', async () => {
    const causes = await causesOf([
      user('bob', [camera()]),
      user('ann', [voice({ segments: [{ startMs: 16_100, durationMs: 20_000 }] })]),
    ]);
    expect(causes).toEqual([]);
  });
});

test('offsetMs · where in the media: a delayed packet was sent earlier than it came', async () => {
  const causes = await causesOf([
    user(
      'bob',
      behind(
        { queues: [{ fromMs: 12_000, toMs: 18_000, peakMs: 500 }] },
        { lossy: [{ fromMs: 14_000, toMs: 18_000, share: 0.2 }] },
      ),
    ),
  ]);
  const [cause] = causes.filter(({ cause: name }) => name === 'congestion');
  expect(cause?.offsetMs).toBeLessThan(cause?.fromMs ?? 0);
  expect(cause?.offsetMs).toBeGreaterThan((cause?.fromMs ?? 0) - 600);
});
