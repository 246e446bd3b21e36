import type { PacketTruth, TrackTruth } from '@rawreel/fixtures';
import { expect, test } from 'vitest';
import { camera, inspectedTrack, voice } from './inspected.ts';

/** On the media SSRC, in the order of arrival, in whole ms since the first, as records of a dump have them. */
function arrivals({ segments }: TrackTruth): { packet: PacketTruth; atMs: number }[] {
  const all = segments
    .flatMap(({ packets }) => packets)
    .filter(({ kind }) => kind === 'media' || kind === 'padding')
    .flatMap((packet) => packet.arrivalsMs.map((ms) => ({ packet, ms })))
    .sort((a, b) => a.ms - b.ms);
  const firstMs = all[0]?.ms ?? 0;
  return all.map(({ packet, ms }) => ({ packet, atMs: Math.floor(ms - firstMs) }));
}

/** RFC 3550 appendix A.8 as it stands there, in the ticks of the clock. */
function jitterOf(track: TrackTruth, clockRate: number) {
  let transit: number | undefined;
  let jitter = 0;
  let max = 0;
  for (const { packet, atMs } of arrivals(track)) {
    const now = (atMs * clockRate) / 1000 - packet.rtpTimestamp;
    if (transit !== undefined) jitter += (Math.abs(now - transit) - jitter) / 16;
    transit = now;
    max = Math.max(max, jitter);
  }
  return (max * 1000) / clockRate;
}

const sent = (track: TrackTruth) =>
  track.segments
    .flatMap(({ packets }) => packets)
    .filter(({ kind }) => kind === 'media')
    .map(({ arrivalsMs }) => arrivalsMs.length > 0);

/** RFC 3611 §4.7.2, read off the whole pattern at once: losses with fewer than 16 received between them are one burst. */
function burstsOf(pattern: readonly boolean[]) {
  const losses = pattern.flatMap((arrived, index) => (arrived ? [] : [index]));
  const groups: number[][] = [];
  for (const loss of losses) {
    const group = groups.at(-1);
    if (group !== undefined && loss - (group.at(-1) ?? 0) - 1 < 16) group.push(loss);
    else groups.push([loss]);
  }
  const bursts = groups.filter((group) => group.length > 1);
  const packets = bursts.reduce((sum, group) => sum + (group.at(-1) ?? 0) - (group[0] ?? 0) + 1, 0);
  const lost = bursts.reduce((sum, group) => sum + group.length, 0);
  return {
    count: bursts.length,
    density: lost / packets,
    gapDensity: (losses.length - lost) / (pattern.length - packets),
  };
}

test('loss, order, copies · what the network did (RFC 3550 appendix A.3)', async () => {
  const { measured, real } = await inspectedTrack(
    voice({ impair: { loss: 0.05, reorder: { probability: 0.05, withinMs: 90 }, duplicate: 0.04 } }),
  );
  const { lost, duplicated, reordered } = real.counts;
  expect(lost).toBeGreaterThan(10);
  expect(duplicated).toBeGreaterThan(5);
  expect(measured.packets).toMatchObject({ lost, duplicate: duplicated, reordered, unrepaired: lost });
  expect(measured.packets.expected).toBe(real.counts.sent - real.counts.lostUnseen);
  expect(measured.packets.received).toBe(measured.packets.expected - lost + duplicated);
  expect(measured.seconds.lost.reduce((sum, each) => sum + each, 0)).toBe(lost);
});

test('numbers that wrap · lose nothing', async () => {
  const { measured, real } = await inspectedTrack(
    voice({ rtp: { sequenceStart: 65_400, timestampStart: 0xffff_f000 }, impair: { loss: 0.02 } }),
  );
  expect(measured.packets.lost).toBe(real.counts.lost);
});

test.each([
  ['audio', voice({ network: { jitterMs: 12 }, impair: { loss: 0.03 } }), 48_000],
  ['video', camera({ network: { jitterMs: 9 } }), 90_000],
] as const)('jitter of %s · RFC 3550 appendix A.8', async (_, track, clockRate) => {
  const { measured, real } = await inspectedTrack(track);
  const expected = jitterOf(real, clockRate);
  expect(expected).toBeGreaterThan(4);
  expect(measured.jitter.maxMs).toBeCloseTo(expected, 1);
});

test('bursts and gaps · RFC 3611 §4.7.2', async () => {
  const { measured, real } = await inspectedTrack(
    voice({
      segments: [{ startMs: 0, durationMs: 40_000 }],
      impair: { loss: 0.01, burst: { probability: 0.004, length: 4 } },
    }),
  );
  const expected = burstsOf(sent(real));
  expect(expected.count).toBeGreaterThan(2);
  expect(expected.gapDensity).toBeGreaterThan(0);
  expect(measured.bursts.count).toBe(expected.count);
  expect(measured.bursts.density).toBeCloseTo(expected.density, 6);
  expect(measured.bursts.gapDensity).toBeCloseTo(expected.gapDensity, 6);
  expect(measured.bursts.list).toHaveLength(expected.count);
});

test('time between packets, and stalls · an outage of 900 ms is one, with what was lost', async () => {
  const { measured, real } = await inspectedTrack(
    voice({ impair: { outages: [{ fromMs: 5000, toMs: 5900 }] } }),
  );
  const times = arrivals(real).map(({ atMs }) => atMs);
  const deltas = times.slice(1).map((ms, index) => ms - (times[index] ?? 0));
  expect(measured.delta.maxMs).toBe(Math.max(...deltas));
  expect(measured.delta.meanMs).toBeCloseTo(deltas.reduce((a, b) => a + b) / deltas.length, 1);
  expect(measured.stalls).toMatchObject([{ lost: real.counts.lost }]);
  expect(measured.stalls[0]?.heldMs).toBeLessThan(20);
});

test('a hold · a stall that lost nothing, and how long it kept packets', async () => {
  const { measured } = await inspectedTrack(voice({ network: { holds: [{ fromMs: 5000, toMs: 5800 }] } }));
  expect(measured.stalls).toMatchObject([{ lost: 0 }]);
  expect(Math.abs((measured.stalls[0]?.heldMs ?? 0) - 800)).toBeLessThan(80);
  expect(measured.packets.lost).toBe(0);
});

test.each([
  ['rtx', camera({ impair: { loss: 0.06, rtx: { repairs: 0.6 } } })],
  ['red', voice({ impair: { loss: 0.06, red: true } })],
] as const)('%s · what it carried and repaired', async (kind, track) => {
  const { measured, real } = await inspectedTrack(track);
  const repaired = kind === 'rtx' ? real.counts.recoveredByRtx : real.counts.recoveredByRed;
  expect(repaired).toBeGreaterThan(5);
  expect(measured.repairs[kind].repaired).toBe(repaired);
  expect(measured.packets.lost).toBe(real.counts.lost);
  expect(measured.packets.unrepaired).toBe(real.counts.lost - repaired);
  expect(measured.seconds.repaired.reduce((sum, each) => sum + each, 0)).toBe(repaired);
  if (kind === 'rtx') expect(measured.repairs.rtx.packets).toBe(real.counts.rtx);
});

test('fec · carried, with no part in the loss of the media', async () => {
  const { measured, real } = await inspectedTrack(
    camera({ impair: { loss: 0.03, fec: { share: 0.2, on: 'own-ssrc' } } }),
  );
  expect(real.counts.fec).toBeGreaterThan(5);
  expect(measured.repairs.fec.packets).toBe(real.counts.fec);
  expect(measured.packets.lost).toBe(real.counts.lost);
  expect(measured.seconds.packets.reduce((sum, each) => sum + each, 0)).toBe(measured.packets.received);
});

test.each([
  ['ulpfec', 2],
  ['ulpfec', 6],
  ['flexfec-03', 4],
] as const)('%s behind every %i packets · what it carried and repaired', async (scheme, packets) => {
  const { measured, real } = await inspectedTrack(
    camera({
      keyFrameEveryMs: 1000,
      rtp: { mtu: 300, csrcs: 1, sequenceStart: 65_000 },
      impair: { loss: 0.06, protect: { scheme, packets } },
    }),
  );
  const { recoveredByFec, lost, fec } = real.counts;
  expect(recoveredByFec).toBeGreaterThan(5);
  expect(measured.repairs.fec).toMatchObject({ packets: fec, repaired: recoveredByFec });
  expect(measured.repairs.fec.bytes).toBeGreaterThan(100 * fec);
  expect(measured.repairs.red.repaired + measured.repairs.rtx.repaired).toBe(0);
  expect(measured.packets).toMatchObject({
    lost,
    unrepaired: lost - recoveredByFec,
    foreign: 0,
    malformed: 0,
  });
  expect(measured.seconds.repaired.reduce((sum, each) => sum + each, 0)).toBe(recoveredByFec);
  expect(measured.picture?.shown).toBe(real.frames.filter(({ decodable }) => decodable).length);
});

test('bitrate · bytes of all packets that came', async () => {
  const { measured, real } = await inspectedTrack(voice());
  const payload = real.frames.reduce((sum, { data }) => sum + data.length, 0);
  const ms = (measured.segments[0]?.untilMs ?? 0) - (measured.segments[0]?.fromMs ?? 0);
  const overhead = (measured.bitrate.meanKbps * ms) / 8 - payload;
  expect(overhead / measured.packets.received).toBeGreaterThan(12);
  expect(overhead / measured.packets.received).toBeLessThan(45);
});

test('pictures · shown, left out, key frames with their bytes', async () => {
  const { measured, real } = await inspectedTrack(camera({ keyFrameEveryMs: 2000, impair: { loss: 0.02 } }));
  const shown = real.frames.filter(({ decodable }) => decodable);
  const keys = shown.filter(({ key }) => key);
  expect(shown.length).toBeLessThan(real.frames.length);
  expect(measured.picture?.shown).toBe(shown.length);
  expect(measured.picture?.keyFrames.count).toBe(keys.length);
  expect(measured.picture?.keyFrames.maxBytes).toBe(Math.max(...keys.map(({ data }) => data.length)));
  expect(Math.abs((measured.picture?.keyFrames.meanIntervalMs ?? 0) - 2000)).toBeLessThan(2100);
  expect(measured.seconds.frames?.reduce((sum, each) => sum + each, 0)).toBe(shown.length);
});

test('freezes · W3C’s freezeCount and totalFreezesDuration, by when pictures were whole', async () => {
  const { measured, real } = await inspectedTrack(
    camera({ keyFrameEveryMs: 1000, impair: { loss: 0.015, outages: [{ fromMs: 3100, toMs: 3800 }] } }),
  );
  const packets = Map.groupBy(
    real.segments.flatMap((segment) => segment.packets),
    ({ frame }) => frame,
  );
  const arrivals = [...packets.values()].flat().flatMap(({ arrivalsMs }) => arrivalsMs);
  const firstMs = Math.min(...arrivals);
  const endMs = Math.floor(Math.max(...arrivals) - firstMs);
  const times = real.frames
    .filter(({ decodable }) => decodable)
    .map(({ index }) =>
      Math.max(
        ...(packets.get(index) ?? []).flatMap(({ arrivalsMs }) =>
          arrivalsMs.map((ms) => Math.floor(ms - firstMs)),
        ),
      ),
    );
  // A picture that stands to the end stands until then.
  const durations = [...times.slice(1), endMs].map((ms, index) => ms - (times[index] ?? 0));
  const frozen = durations.filter((duration, index) => {
    const before = durations.slice(Math.max(0, index - 30), index);
    const mean = before.reduce((sum, each) => sum + each, 0) / before.length;
    return before.length >= 5 && duration >= Math.max(3 * mean, mean + 150);
  });
  expect(frozen.length).toBeGreaterThan(1);
  expect(measured.picture?.freezes.count).toBe(frozen.length);
  expect(measured.picture?.freezes.totalMs).toBe(frozen.reduce((sum, each) => sum + each, 0));
  expect(measured.picture?.freezes.longestMs).toBe(Math.max(...frozen));
});

test('sizes, rotation and frames per second · as they were sent', async () => {
  const { measured } = await inspectedTrack(
    camera({
      segments: [
        {
          startMs: 0,
          durationMs: 6000,
          parts: [{ durationMs: 3000 }, { width: 160, height: 90, rotation: 90, fps: 10 }],
        },
      ],
    }),
  );
  expect(measured.picture?.sizes.map(({ width, height }) => [width, height])).toEqual([
    [320, 180],
    [160, 90],
  ]);
  expect(measured.picture?.rotations.map(({ degrees }) => degrees)).toEqual([0, 90]);
  expect(Math.abs((measured.picture?.sizes[1]?.atMs ?? 0) - 3000)).toBeLessThan(60);
  for (const frames of measured.seconds.frames?.slice(1, 3) ?? []) expect([24, 25, 26]).toContain(frames);
  for (const frames of measured.seconds.frames?.slice(4, 6) ?? []) expect([9, 10, 11]).toContain(frames);
  expect(measured.picture?.shown).toBe(105);
});

test('layers · packets by those that they name, and none where there are none', async () => {
  const vp9 = await inspectedTrack(camera({ codec: 'vp9' }));
  expect(vp9.measured.picture?.layers).toEqual({ '0/0': vp9.real.counts.sent });
  const vp8 = await inspectedTrack(camera());
  expect(vp8.measured.picture?.layers).toEqual({});
});

test('the first picture · waits for a key frame', async () => {
  const { measured } = await inspectedTrack(
    camera({ segments: [{ startMs: 0, durationMs: 8000, firstKeyFrameAfterMs: 3000 }] }),
  );
  expect(Math.abs((measured.picture?.firstPictureMs[0] ?? 0) - 3000)).toBeLessThan(80);
  expect(measured.picture?.beforeKeyFrame).toBeGreaterThan(50);
});

test('audio level · the loudest of a second, and the mean (RFC 6464)', async () => {
  const quiet = await inspectedTrack(voice({ speech: [], background: 0.001 }));
  const loud = await inspectedTrack(voice({ speech: [{ fromMs: 2000, toMs: 9000 }] }));
  const levels = loud.measured.seconds.levelDbov ?? [];
  expect(quiet.measured.sound?.meanLevelDbov).toBeLessThan(-45);
  expect(Math.max(...levels.slice(3, 8).map((level) => level ?? -127))).toBeGreaterThan(-35);
  expect(levels[0]).toBeLessThan(-50);
});

test('DTX, mute and pause · each told apart', async () => {
  const { measured, real } = await inspectedTrack(
    voice({
      dtx: true,
      segments: [
        { startMs: 0, durationMs: 6000 },
        { startMs: 9000, durationMs: 6000, pauses: [{ atMs: 11_500, wallMs: 2000 }] },
      ],
    }),
  );
  const unsent = real.frames.filter(({ sent: isSent }) => !isSent);
  const dtxMs = unsent
    .filter(({ captureMs }) => captureMs < 11_000 || captureMs > 14_000)
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
  expect(measured.mutedMs).toBeGreaterThan(2500);
  expect(measured.mutedMs).toBeLessThan(3700);
  expect(measured.sound?.pausedMs).toBeGreaterThanOrEqual(2000);
  expect(measured.sound?.pausedMs).toBeLessThan(2900);
  expect(dtxMs).toBeGreaterThan(3000);
  expect(Math.abs((measured.sound?.dtxMs ?? 0) - dtxMs)).toBeLessThan(900);
  expect(measured.sound?.concealedMs).toBe(0);
});

test('concealed speech · what was lost while somebody spoke, and not what was lost in silence', async () => {
  const spoken = { fromMs: 2000, toMs: 8000 };
  const speaking = await inspectedTrack(
    voice({ speech: [spoken], impair: { outages: [{ fromMs: 4000, toMs: 4400 }] } }),
  );
  const silent = await inspectedTrack(
    voice({ speech: [spoken], impair: { outages: [{ fromMs: 9500, toMs: 9900 }] } }),
  );
  const lostMs = speaking.real.counts.lost * 20;
  expect(speaking.measured.sound?.concealedMs).toBe(lostMs);
  expect(speaking.measured.sound?.impairedMs).toBe(lostMs);
  expect(speaking.measured.sound?.impairedShare).toBeCloseTo(
    lostMs / (speaking.measured.sound?.spokenMs ?? 1),
    6,
  );
  expect(silent.measured.sound?.concealedMs).toBe(silent.real.counts.lost * 20);
  expect(silent.measured.sound?.impairedMs).toBe(0);
  expect(speaking.inspection.headline).toMatch(/^sound impaired [67]\.\d % of the time ann spoke/);
});

test('sound that came too late · is a hole for who listened', async () => {
  const { measured } = await inspectedTrack(
    voice({
      speech: [{ fromMs: 1000, toMs: 11_000 }],
      network: { holds: [{ fromMs: 5000, toMs: 5600 }] },
    }),
  );
  expect(measured.sound?.concealedMs).toBe(0);
  expect(Math.abs((measured.sound?.interruptedMs ?? 0) - 600)).toBeLessThan(60);
  expect(measured.sound?.impairedMs).toBe(measured.sound?.interruptedMs);
});

test('delay above the least · a queue of 400 ms, in its time', async () => {
  const { measured } = await inspectedTrack(
    voice({
      segments: [{ startMs: 0, durationMs: 40_000 }],
      network: { jitterMs: 2, queues: [{ fromMs: 12_000, toMs: 22_000, peakMs: 400 }] },
    }),
  );
  const { second, delayMs } = measured.seconds;
  const at = (wanted: number) => delayMs[second.indexOf(wanted)] ?? Number.NaN;
  expect(at(17)).toBeGreaterThan(320);
  expect(at(17)).toBeLessThan(420);
  expect(at(14)).toBeGreaterThan(120);
  expect(at(5)).toBeLessThan(15);
  expect(at(30)).toBeLessThan(15);
  expect(measured.delay.maxMs).toBeLessThan(420);
});

test('clock · rate and steps, from the solve', async () => {
  const fast = await inspectedTrack(voice({ driftPpm: 400, segments: [{ startMs: 0, durationMs: 60_000 }] }));
  expect(Math.abs(fast.measured.clock.driftPpm - 400)).toBeLessThan(60);
  expect(fast.measured.clock.source).toBe('reports');
  const stood = await inspectedTrack(
    voice({
      segments: [{ startMs: 0, durationMs: 20_000, pauses: [{ atMs: 10_000, wallMs: 1500, rtpMs: 0 }] }],
    }),
  );
  expect(stood.measured.clock.steps + stood.measured.stalls.length).toBeGreaterThanOrEqual(1);
  expect(stood.measured.stalls[0]?.heldMs).toBeGreaterThan(1300);
});
