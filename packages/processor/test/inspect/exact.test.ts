import type { FileMap, TrackTruth } from '@rawreel/fixtures';
import { expect, test } from 'vitest';
import { camera, inspectedTrack, voice } from './inspected.ts';

interface Record {
  readonly offsetMs: number;
  readonly rtp: Buffer;
}

/** RTP records of a segment's dump as they lie there; a length of 0 marks RTCP. */
function recordsOf(files: FileMap, { segments }: TrackTruth, segment = 0): Record[] {
  const dump = Buffer.from(files.get(segments[segment]?.dump ?? '') ?? []);
  const records: Record[] = [];
  for (let at = dump.indexOf(0x0a) + 17; at < dump.length; at += dump.readUInt16BE(at))
    if (dump.readUInt16BE(at + 2) > 0)
      records.push({
        offsetMs: dump.readUInt32BE(at + 4),
        rtp: dump.subarray(at + 8, at + dump.readUInt16BE(at)),
      });
  return records;
}

/** RFC 6464 in a one-byte header (RFC 8285 §4.2), by the identifier that the description gives it. */
function levelOf(rtp: Buffer, id: number): number | undefined {
  const start = 12 + 4 * ((rtp[0] ?? 0) & 0x0f);
  expect(rtp.readUInt16BE(start)).toBe(0xbede);
  const end = start + 4 + 4 * rtp.readUInt16BE(start + 2);
  for (let at = start + 4; at < end; ) {
    const header = rtp[at] ?? 0;
    if (header >> 4 === id) return (rtp[at + 1] ?? 0) & 0x7f;
    at += header === 0 ? 1 : 2 + (header & 0x0f);
  }
  return undefined;
}

const sumOf = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0);
const inSeconds = <Item extends { readonly offsetMs: number }>(items: readonly Item[]) =>
  Map.groupBy(items, ({ offsetMs }) => Math.floor(offsetMs / 1000));

/** When each packet of the media came, ms since the first, as records have it. */
function arrivals({ segments }: TrackTruth) {
  const packets = segments.flatMap((segment) => segment.packets).filter(({ kind }) => kind === 'media');
  const firstMs = Math.min(...packets.flatMap(({ arrivalsMs }) => arrivalsMs));
  return packets.flatMap((packet) =>
    packet.arrivalsMs.map((ms) => ({ packet, offsetMs: Math.floor(ms - firstMs) })),
  );
}

/** When each picture that can be shown was whole. */
function wholePictures(real: TrackTruth) {
  const ofFrame = Map.groupBy(arrivals(real), ({ packet }) => packet.frame);
  return real.frames
    .filter(({ decodable }) => decodable)
    .map(({ index, key, data }) => ({
      offsetMs: Math.max(...(ofFrame.get(index) ?? []).map(({ offsetMs }) => offsetMs)),
      key,
      bytes: data.length,
    }));
}

test('audio level · RFC 6464 as it stands in the packets: the loudest of each second, the mean over all', async () => {
  const { measured, real, files } = await inspectedTrack(
    voice({ speech: [{ fromMs: 2000, toMs: 9000 }], impair: { loss: 0.03 } }),
  );
  const sdp = Buffer.from(files.get(real.segments[0]?.sdp ?? '') ?? []).toString();
  const id = Number(/a=extmap:(\d+) urn:ietf:params:rtp-hdrext:ssrc-audio-level/.exec(sdp)?.[1]);
  const levels = recordsOf(files, real).map(({ offsetMs, rtp }) => ({
    offsetMs,
    level: levelOf(rtp, id) ?? 0,
  }));
  const loudest = [...inSeconds(levels)].map(([, those]) => -Math.min(...those.map(({ level }) => level)));
  expect(new Set(loudest).size).toBeGreaterThan(2);
  expect(measured.seconds.levelDbov).toEqual(loudest);
  const mean = -sumOf(levels.map(({ level }) => level)) / levels.length;
  expect(measured.sound?.meanLevelDbov).toBeCloseTo(mean, 2);
});

test('bitrate · bytes of the records, second by second, and over the track', async () => {
  const { measured, real, files } = await inspectedTrack(
    camera({ impair: { loss: 0.03, rtx: { repairs: 0.5 } } }),
  );
  const records = recordsOf(files, real);
  const kbps = [...inSeconds(records)].map(
    ([, those]) => Math.round(sumOf(those.map(({ rtp }) => rtp.length)) * 0.8) / 100,
  );
  expect(measured.seconds.kbps).toEqual(kbps);
  expect(measured.bitrate.maxKbps).toBe(Math.max(...kbps));
  const [segment] = measured.segments;
  const spanMs = (segment?.untilMs ?? 0) - (segment?.fromMs ?? 0);
  expect(measured.bitrate.meanKbps).toBeCloseTo(
    (sumOf(records.map(({ rtp }) => rtp.length)) * 8) / spanMs,
    1,
  );
});

test('pictures of each second, their bytes and key frames · by when each was whole', async () => {
  const { measured, real } = await inspectedTrack(
    camera({ keyFrameEveryMs: 1500, network: { jitterMs: 12 }, impair: { loss: 0.01 } }),
  );
  const bySecond = inSeconds(wholePictures(real));
  const { second, frames, frameBytes, keyFrames } = measured.seconds;
  const told = second.map((at, index) => [at, frames?.[index], frameBytes?.[index], keyFrames?.[index]]);
  const wanted = second.map((at) => {
    const those = bySecond.get(at) ?? [];
    return [at, those.length, sumOf(those.map(({ bytes }) => bytes)), those.filter(({ key }) => key).length];
  });
  expect(wanted.length).toBeGreaterThan(6);
  expect(told).toEqual(wanted);
});

test('key frames · when they were whole, and how far apart', async () => {
  const { measured, real } = await inspectedTrack(
    camera({ keyFrameEveryMs: 1500, impair: { outages: [{ fromMs: 2800, toMs: 3300 }] } }),
  );
  const times = wholePictures(real)
    .filter(({ key }) => key)
    .map(({ offsetMs }) => offsetMs);
  const apart = times.slice(1).map((ms, index) => ms - (times[index] ?? 0));
  expect(apart.length).toBeGreaterThan(2);
  expect(measured.picture?.keyFrames).toMatchObject({
    timesMs: times,
    maxIntervalMs: Math.max(...apart),
    meanIntervalMs: Math.round(sumOf(apart) / apart.length),
  });
});

test('muted · from the last packet before to the first behind', async () => {
  const segments = [0, 5000, 9500].map((startMs) => ({ startMs, durationMs: 3000 }));
  const { measured, real } = await inspectedTrack(voice({ segments, network: { jitterMs: 6 } }));
  const muted = real.segments
    .slice(1)
    .map((segment, index) => segment.firstArrivalMs - (real.segments[index]?.lastArrivalMs ?? 0));
  expect(Math.abs(measured.mutedMs - sumOf(muted))).toBeLessThan(6);
  expect(measured.segments).toHaveLength(3);
});

test('DTX · what timestamps leave out between packets whose numbers follow each other', async () => {
  const { measured, real } = await inspectedTrack(
    voice({ dtx: true, speech: [{ fromMs: 3000, toMs: 7000 }] }),
  );
  const sent = real.segments.flatMap(({ packets }) => packets).filter(({ kind }) => kind === 'media');
  const gaps = sent
    .slice(1)
    .map((packet, index) => ((packet.rtpTimestamp - (sent[index]?.rtpTimestamp ?? 0)) | 0) / 48 - 20)
    .filter((ms) => ms > 0);
  expect(gaps.length).toBeGreaterThan(5);
  expect(measured.sound?.dtxMs).toBe(Math.round(sumOf(gaps.filter((ms) => ms <= 1000))));
  expect(measured.sound?.pausedMs).toBe(Math.round(sumOf(gaps.filter((ms) => ms > 1000))));
});

test('delay above the least · of each second’s least delayed packet, as the network made it', async () => {
  const { measured, real } = await inspectedTrack(
    voice({
      driftPpm: 250,
      segments: [{ startMs: 0, durationMs: 40_000 }],
      network: { jitterMs: 3, queues: [{ fromMs: 12_000, toMs: 22_000, peakMs: 300 }] },
    }),
  );
  const delays = arrivals(real).map(({ packet, offsetMs }) => ({
    offsetMs,
    ms: (packet.arrivalsMs[0] ?? 0) - packet.sentMs,
  }));
  const least = Math.min(...delays.map(({ ms }) => ms));
  const wanted = [...inSeconds(delays)].map(([, those]) => Math.min(...those.map(({ ms }) => ms)) - least);
  expect(Math.max(...wanted)).toBeGreaterThan(250);
  const off = measured.seconds.delayMs.map((delayMs, at) => Math.abs((delayMs ?? 0) - (wanted[at] ?? 0)));
  expect(Math.max(...off)).toBeLessThan(8);
});

test('clock · a step for each time that it stood; none where only packets did', async () => {
  const stands = (rtpMs?: number) =>
    voice({
      segments: [
        {
          startMs: 0,
          durationMs: 60_000,
          pauses: [15_000, 30_000, 45_000].map((atMs) => ({
            atMs,
            wallMs: 1500,
            ...(rtpMs === 0 && { rtpMs }),
          })),
        },
      ],
    });
  const stood = await inspectedTrack(stands(0));
  const paused = await inspectedTrack(stands());
  expect([stood.measured.clock.steps, paused.measured.clock.steps]).toEqual([3, 0]);
  expect(stood.measured.stalls.map(({ heldMs }) => Math.round(heldMs / 100))).toEqual([15, 15, 15]);
  expect(paused.measured.stalls.map(({ heldMs }) => Math.abs(Math.round(heldMs / 100)))).toEqual([0, 0, 0]);
});
