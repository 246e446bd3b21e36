import { expect, test } from 'vitest';
import { headlineOf } from '../../src/inspect/headline.ts';
import { behind, causesOf, LENGTH_MS, voice as longVoice, named, told, user } from './caused.ts';
import { camera, inspected, inspectedTrack, voice } from './inspected.ts';

const held = (forMs: number) => ({ holds: [{ fromMs: 5000, toMs: 5000 + forMs }] });

test('a picture that came late by what buffers hold · is no freeze, as by its timestamp it was shown in time', async () => {
  const { measured, inspection } = await inspectedTrack(camera({ network: held(190) }));
  expect(measured.picture?.freezes).toEqual({ count: 0, totalMs: 0, longestMs: 0, list: [] });
  expect(inspection.headline).toBe('no trouble: nobody lacked sound or picture');
  const later = await inspectedTrack(camera({ network: held(500) }));
  expect(later.measured.picture?.freezes.count).toBe(1);
});

test('a camera that made no picture for a while · froze, though nothing came late', async () => {
  const segments = [{ startMs: 0, durationMs: 8000, pauses: [{ atMs: 5000, wallMs: 400 }] }];
  const { measured } = await inspectedTrack(camera({ segments }));
  expect(measured.picture?.freezes.count).toBe(1);
  expect(Math.abs((measured.picture?.freezes.longestMs ?? 0) - 440)).toBeLessThan(60);
});

test('a picture that stood to the end, as no key frame followed · froze until then', async () => {
  const { measured } = await inspectedTrack(
    camera({ keyFrameEveryMs: 60_000, impair: { outages: [{ fromMs: 4000, toMs: 4100 }] } }),
  );
  const { count, totalMs, list = [] } = measured.picture?.freezes ?? {};
  expect(count).toBe(1);
  expect(Math.abs((totalMs ?? 0) - 4000)).toBeLessThan(150);
  expect(list.at(-1)?.untilMs).toBe(measured.segments[0]?.untilMs);
});

test('a single packet · has no rate, as it takes no time', async () => {
  const { measured } = await inspectedTrack(camera({ segments: [{ startMs: 0, durationMs: 40 }] }));
  expect([measured.packets.received, measured.bitrate.meanKbps, measured.picture?.meanFps]).toEqual([
    1, 0, 0,
  ]);
});

test('sound that came late between words · impairs none of them', async () => {
  const speech = [
    { fromMs: 1000, toMs: 4000 },
    { fromMs: 8000, toMs: 11_000 },
  ];
  const holds = [{ fromMs: 5200, toMs: 6600 }];
  const { measured } = await inspectedTrack(voice({ speech, network: { holds } }));
  expect(measured.sound?.interruptedMs).toBeGreaterThan(1200);
  expect([measured.sound?.holes.map(({ kind }) => kind), measured.sound?.impairedMs]).toEqual([['late'], 0]);
});

test('sound that came late behind a word · impairs only what is in it', async () => {
  const { measured } = await inspectedTrack(
    voice({ speech: [{ fromMs: 1000, toMs: 4000 }], network: { holds: [{ fromMs: 3500, toMs: 5500 }] } }),
  );
  const [turn] = measured.sound?.turns ?? [];
  const [hole] = measured.sound?.holes ?? [];
  expect(measured.sound?.impairedMs).toBe((turn?.endMs ?? 0) - (hole?.fromMs ?? 0));
  expect(measured.sound?.impairedMs).toBeLessThan(800);
});

test('loss all along · is told once, whatever seconds had none', async () => {
  const causes = await causesOf([user('bob', [longVoice({ impair: { loss: 0.03 } })])]);
  expect(named(causes)).toEqual(['packet-loss bob']);
  expect((causes[0]?.untilMs ?? 0) - (causes[0]?.fromMs ?? 0)).toBeGreaterThan(LENGTH_MS - 6000);
});

test('loss all along, and a freeze in it · both are told, each by its own packets', async () => {
  const impair = { loss: 0.05, outages: [{ fromMs: 20_000, toMs: 22_000 }] };
  const causes = await causesOf([user('bob', behind({}, impair))]);
  expect(named(causes).sort()).toEqual(['network-freeze bob', 'packet-loss bob']);
  const loss = causes.find(({ cause }) => cause === 'packet-loss');
  expect(loss?.times).toHaveLength(2);
  expect(Number(told(loss, 'lossShare'))).toBeGreaterThan(0.035);
  expect(Number(told(loss, 'lossShare'))).toBeLessThan(0.065);
});

test('a camera that nothing can be shown of · has a cause and stands in the headline, however short', async () => {
  const segments = [{ startMs: 0, durationMs: 900, firstKeyFrameAfterMs: 2000 }];
  const { inspection } = await inspectedTrack(camera({ segments }));
  expect(inspection.headline).toBe('no picture of ann’s camera can be shown');
  expect(inspection.causes.map(({ sentence }) => sentence)).toEqual([
    'camera of 0:00 never had a key frame that can be decoded: nothing of it can be shown',
  ]);
});

test('a headline · says first what is not known', async () => {
  const { inspection } = await inspected({
    seed: 'headline',
    users: [{ id: 'ann', sessions: [{ tracks: [voice()] }] }],
  });
  const problems = [{ code: 'DUMP_TRUNCATED', severity: 'damage', message: 'cut' }] as const;
  expect(headlineOf({ ...inspection, problems, unread: 0 })).toBe(
    'the recording is damaged; else nobody lacked sound or picture',
  );
  expect(headlineOf({ ...inspection, problems, unread: 2 })).toBe(
    'the recording is damaged, 2 tracks cannot be read; else nobody lacked sound or picture',
  );
  expect(headlineOf({ ...inspection, unread: 1 })).toBe(
    '1 track cannot be read; else nobody lacked sound or picture',
  );
  const empty = { ...inspection, tracks: [], participants: [] };
  expect(headlineOf({ ...empty, unread: 0 })).toBe('nothing was sent');
  expect(headlineOf({ ...empty, unread: 1 })).toBe('1 track cannot be read');
});
