import type { PacketTruth, TrackTruth } from '@rawreel/fixtures';
import { expect, test } from 'vitest';
import { camera, inspected, inspectedTrack, voice } from './inspected.ts';

const sumOf = (values: readonly number[] | undefined) => (values ?? []).reduce((sum, each) => sum + each, 0);

const packetsOf = ({ segments }: TrackTruth) => segments.flatMap(({ packets }) => packets);

test('padding, strangers, garbage, reports · each counted as what it is, none as loss', async () => {
  const { measured, real } = await inspectedTrack(
    camera({ impair: { padding: 0.2, strangers: 0.1, garbage: 0.05 } }),
  );
  const { padding, strangers, garbage, reports, lost } = real.counts;
  expect(Math.min(padding, strangers, garbage, reports)).toBeGreaterThan(0);
  expect(measured.packets).toMatchObject({
    padding,
    foreign: strangers,
    malformed: garbage,
    reports,
    lost,
    unrepaired: 0,
  });
});

test('late · came when its place had been given up, a second behind its successor; near miss: within that second', async () => {
  const { measured, real } = await inspectedTrack(
    voice({
      segments: [{ startMs: 0, durationMs: 30_000 }],
      impair: { reorder: { probability: 0.02, withinMs: 3000 } },
    }),
  );
  const packets = packetsOf(real);
  const times = packets.flatMap(({ arrivalsMs }) => arrivalsMs).sort((a, b) => a - b);
  const isLate = (packet: PacketTruth, index: number) => {
    const [ownMs = 0] = packet.arrivalsMs;
    const behindMs = packets[index + 1]?.arrivalsMs[0] ?? Number.POSITIVE_INFINITY;
    return times.some((ms) => ms < ownMs && ms - behindMs >= 1000);
  };
  const late = packets.filter(isLate).length;
  expect(late).toBeGreaterThan(2);
  expect(real.counts.reordered).toBeGreaterThan(late);
  expect(measured.packets.late).toBe(late);
});

test('shares and means · follow from the counts', async () => {
  const { measured, real } = await inspectedTrack(
    voice({
      segments: [{ startMs: 0, durationMs: 40_000 }],
      impair: { loss: 0.01, burst: { probability: 0.004, length: 4 } },
    }),
  );
  const { lost, sent, lostUnseen } = real.counts;
  expect(measured.packets.lostShare).toBeCloseTo(lost / (sent - lostUnseen), 9);
  const { count, list, meanMs, gapMeanMs } = measured.bursts;
  const lengths = list.map(({ fromMs, untilMs }) => untilMs - fromMs);
  const [segment] = measured.segments;
  const spanMs = (segment?.untilMs ?? 0) - (segment?.fromMs ?? 0);
  expect(Math.abs(meanMs - sumOf(lengths) / count)).toBeLessThan(1);
  expect(Math.abs(gapMeanMs - (spanMs - sumOf(lengths)) / (count + 1))).toBeLessThan(1);
  expect(measured.bitrate.maxKbps).toBe(Math.max(...measured.seconds.kbps));
  expect(measured.bitrate.meanKbps).toBeCloseTo((sumOf(measured.seconds.kbps) * 1000) / spanMs, 0);
});

test('pictures that cannot be shown · incomplete, or dependent on one that is', async () => {
  const { measured, real } = await inspectedTrack(camera({ keyFrameEveryMs: 2000, impair: { loss: 0.04 } }));
  const arrived = new Set(
    packetsOf(real)
      .filter(({ kind, arrivalsMs }) => kind === 'media' && arrivalsMs.length > 0)
      .map(({ frame }) => frame),
  );
  const incomplete = real.frames.filter(({ complete, index }) => !complete && arrived.has(index));
  const undecodable = real.frames.filter(({ complete, decodable }) => complete && !decodable);
  expect(Math.min(incomplete.length, undecodable.length)).toBeGreaterThan(1);
  expect(measured.picture).toMatchObject({
    incomplete: incomplete.length,
    undecodable: undecodable.length,
  });
  expect(sumOf(measured.seconds.sentFrames)).toBe(arrived.size);
  const shown = real.frames.filter(({ decodable }) => decodable);
  expect(sumOf(measured.seconds.frameBytes)).toBe(sumOf(shown.map(({ data }) => data.length)));
});

test('pictures and key frames per time · as they were sent', async () => {
  const { measured, real } = await inspectedTrack(camera({ keyFrameEveryMs: 2000 }));
  const keys = real.frames.filter(({ key }) => key);
  expect(measured.picture?.meanFps).toBeCloseTo(25, 0);
  expect(measured.picture?.keyFrames.timesMs).toHaveLength(keys.length);
  expect(measured.picture?.keyFrames.meanBytes).toBe(
    Math.round(sumOf(keys.map(({ data }) => data.length)) / keys.length),
  );
  expect(Math.abs((measured.picture?.keyFrames.maxIntervalMs ?? 0) - 2000)).toBeLessThan(60);
  expect(sumOf(measured.seconds.keyFrames)).toBe(keys.length);
});

test('sound that was carried, and digital silence; near miss: a quiet room', async () => {
  const lossy = await inspectedTrack(voice({ impair: { loss: 0.05 } }));
  const arrived = lossy.real.frames.filter(({ complete }) => complete);
  expect(lossy.measured.sound?.carriedMs).toBe(sumOf(arrived.map(({ durationMs }) => durationMs)));
  const silent = await inspectedTrack(voice({ speech: [], background: 0 }));
  const quiet = await inspectedTrack(voice({ speech: [], background: 0.001 }));
  expect(silent.measured.sound?.silentMs).toBe(silent.measured.sound?.carriedMs);
  expect(quiet.measured.sound?.silentMs).toBe(0);
});

test('turns and holes · when somebody spoke, and when that was not to be heard', async () => {
  const { measured } = await inspectedTrack(
    voice({ speech: [{ fromMs: 2000, toMs: 8000 }], impair: { outages: [{ fromMs: 4000, toMs: 4400 }] } }),
  );
  const { turns = [], holes = [] } = measured.sound ?? {};
  const [hole, ...others] = holes;
  expect(others).toEqual([]);
  const near = (ms: number | undefined, wanted: number) =>
    expect(Math.abs((ms ?? 0) - wanted)).toBeLessThan(250);
  near(turns[0]?.startMs, 2000);
  near(turns.at(-1)?.endMs, 8000);
  near(hole?.fromMs, 4000);
  near(hole?.untilMs, 4400);
});

test('a participant’s picture · frozen for its share of the time that the camera was on', async () => {
  const { inspection } = await inspected({
    seed: 'participant',
    users: [
      {
        id: 'ann',
        sessions: [{ tracks: [voice(), camera({ impair: { outages: [{ fromMs: 3000, toMs: 5000 }] } })] }],
      },
    ],
  });
  const [ann] = inspection.participants;
  const measured = inspection.tracks.find(({ kind }) => kind === 'video');
  const [segment] = measured?.segments ?? [];
  expect(ann?.picture.frozenMs).toBe(measured?.picture?.freezes.totalMs);
  expect(ann?.picture.frozenMs).toBeGreaterThan(2000);
  expect(ann?.picture.shownMs).toBe((segment?.untilMs ?? 0) - (segment?.fromMs ?? 0));
  expect(ann?.picture.frozenShare).toBeCloseTo((ann?.picture.frozenMs ?? 0) / (ann?.picture.shownMs ?? 1), 9);
});

test('a clock’s uncertainty · more without sender reports', async () => {
  const segments = [{ startMs: 0, durationMs: 60_000 }];
  const told = await inspectedTrack(voice({ driftPpm: 400, segments }));
  const none = { everyMs: 3_600_000, firstAfterMs: 3_600_000 };
  const untold = await inspectedTrack(voice({ driftPpm: 400, segments, reports: none }));
  expect([told.measured.clock.source, untold.measured.clock.source]).toEqual(['reports', 'received']);
  expect(told.measured.clock.uncertaintyMs).toBeGreaterThan(0);
  expect(untold.measured.clock.uncertaintyMs).toBeGreaterThan(told.measured.clock.uncertaintyMs);
});
