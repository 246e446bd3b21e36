import { describe, expect, test } from 'vitest';
import { parseSessionDescription } from '../../../src/sdp/session-description.ts';
import { frames, MEDIA_SSRC, rtp, rtx, run, videoStream, type Wire } from '../wire.ts';
import { flexfec03, ulpfec } from './encoder.ts';

const RED = 98;
const ULPFEC = 99;
const FEC_SSRC = 0xfec;

const FLEX_SDP = parseSessionDescription(
  [
    'm=video 9 RTP/AVP 96 97 49',
    'a=rtpmap:96 VP8/90000',
    'a=rtpmap:97 rtx/90000',
    'a=fmtp:97 apt=96',
    'a=rtpmap:49 FlexFEC-03/90000',
  ].join('\n'),
);

const bytesOf = (wires: readonly Wire[]) => wires.map((wire) => rtp(wire).bytes);

/** The same packet inside RED. */
const inRed = (wire: Wire): Wire => ({
  ...wire,
  pt: RED,
  payload: [96, ...(wire.payload ?? [wire.seq & 255])],
});

/** FEC for `wires` in RED behind the last of them, with the next sequence number. */
function ulpfecBehind(wires: readonly Wire[]): Wire {
  const last = wires.at(-1) as Wire;
  const payload = [ULPFEC, ...ulpfec((wires[0] as Wire).seq, [{ packets: bytesOf(wires) }])];
  return { at: last.at + 1, seq: last.seq + 1, ts: last.ts, pt: RED, payload };
}

function flexfecBehind(wires: readonly Wire[], seq: number): Wire {
  const last = wires.at(-1) as Wire;
  const payload = flexfec03(MEDIA_SSRC, (wires[0] as Wire).seq, bytesOf(wires));
  return { at: last.at + 1, seq, ts: last.ts, ssrc: FEC_SSRC, pt: 49, payload };
}

/** Groups of three frames with FEC behind each, numbered through. */
function withUlpfec(count: number): { readonly media: Wire[]; readonly all: Wire[] } {
  const media: Wire[] = [];
  const all: Wire[] = [];
  for (let group = 0; group < count; group++) {
    const three = frames(3 * group, 3, { marker: true }).map((wire) => ({ ...wire, seq: wire.seq + group }));
    media.push(...three);
    all.push(...three.map(inRed), ulpfecBehind(three));
  }
  return { media, all };
}

describe('media stream', () => {
  test('ulpfec in red · a lost packet is back in its place, with marker, time and payload', () => {
    const { media, all } = withUlpfec(10);
    const stream = videoStream();
    const packets = run(stream, all.filter(({ seq }) => seq !== 13).map(rtp));
    expect(packets.map(({ payload }) => payload[0])).toEqual(media.map(({ seq }) => seq));
    const place = media.findIndex(({ seq }) => seq === 13);
    const { ts } = media[place] as Wire;
    expect(packets[place]).toMatchObject({ rtpTicks: ts, marker: true, lossBefore: 0 });
    expect(stream.statistics).toMatchObject({
      received: 39,
      fec: 10,
      recovered: 1,
      recoveredByFec: 1,
      lost: 0,
      foreign: 0,
    });
  });

  test('ulpfec beside the media, on its source · takes up a number, too', () => {
    const { media, all } = withUlpfec(10);
    const plain = all.map((wire) => {
      const [type, ...payload] = wire.payload ?? [];
      return { ...wire, pt: type as number, payload };
    });
    const stream = videoStream();
    const packets = run(stream, plain.filter(({ seq }) => seq !== 13).map(rtp));
    expect(packets.map(({ payload }) => payload[0])).toEqual(media.map(({ seq }) => seq));
    expect(stream.statistics).toMatchObject({
      received: 29,
      fec: 10,
      recoveredByFec: 1,
      lost: 0,
      foreign: 0,
    });
  });

  test('flexfec · on a source of its own, before or behind the packets that it protects', () => {
    const media = frames(0, 30);
    const fec = [0, 1, 2, 3, 4].map((at) => flexfecBehind(media.slice(6 * at, 6 * at + 6), at));
    const early = fec.map((wire, at) => ({ ...wire, at: 6 * at * 33 + 40 }));
    for (const each of [fec, early]) {
      const stream = videoStream({ description: FLEX_SDP });
      const wires = [...media.filter(({ seq }) => ![8, 15].includes(seq)), ...each].sort(
        (a, b) => a.at - b.at,
      );
      const packets = run(stream, wires.map(rtp));
      expect(packets.map(({ sequence }) => sequence)).toEqual(media.map(({ seq }) => seq));
      const { recoveredByFec, duplicate, ...counts } = stream.statistics;
      // FEC that comes first brings the last of its packets before that comes itself.
      expect(recoveredByFec - duplicate).toBe(2);
      expect(counts).toMatchObject({ received: 28, fec: 5, lost: 0, foreign: 0 });
      expect(stream.runs).toHaveLength(1);
    }
  });

  test('flexfec · one packet brings back the next', () => {
    const media = frames(0, 30);
    const rows = [0, 1].map((at) => flexfecBehind(media.slice(6 + 3 * at, 9 + 3 * at), at));
    const column = flexfecBehind(
      [6, 9].map((at) => media[at] as Wire),
      3,
    );
    const wires = [...media.filter(({ seq }) => ![6, 9, 10].includes(seq)), ...rows, { ...column, at: 390 }];
    const stream = videoStream({ description: FLEX_SDP });
    const packets = run(stream, wires.sort((a, b) => a.at - b.at).map(rtp));
    // The first row brings back 6, the column then 9, and the second row then 10.
    expect(packets.map(({ sequence }) => sequence)).toEqual(media.map(({ seq }) => seq));
    expect(stream.statistics).toMatchObject({ recoveredByFec: 3, lost: 0 });
  });

  test('rtx was faster · nothing is repaired twice', () => {
    const media = frames(0, 30);
    const fec = flexfecBehind(media.slice(6, 12), 1);
    const lost = media[8] as Wire;
    const records = [
      ...media.filter(({ seq }) => seq !== 8).map(rtp),
      rtx(fec.at - 20, lost, 700),
      rtp(fec),
    ].sort((a, b) => a.offsetMs - b.offsetMs);
    const stream = videoStream({ description: FLEX_SDP });
    expect(run(stream, records)).toHaveLength(30);
    expect(stream.statistics).toMatchObject({ recovered: 1, recoveredByFec: 0, duplicate: 0, late: 0 });
  });

  test('too late to be waited for · lost it stays', () => {
    const media = frames(0, 120);
    const fec = { ...flexfecBehind(media.slice(6, 12), 1), at: 3500 };
    const wires = [...media.filter(({ seq }) => seq !== 8), fec].sort((a, b) => a.at - b.at);
    const stream = videoStream({ description: FLEX_SDP });
    expect(run(stream, wires.map(rtp))).toHaveLength(119);
    expect(stream.statistics).toMatchObject({ recovered: 0, lost: 1, late: 0 });
  });

  test('of another source, or of another time · is not used', () => {
    const media = frames(0, 30);
    const other = { ...flexfecBehind(media.slice(6, 12), 1) };
    const elsewhere = { ...other, payload: (other.payload as number[]).with(15, 0xb) };
    const longAgo = { ...other, payload: (other.payload as number[]).with(4, 0x77) };
    const wires = [...media.filter(({ seq }) => seq !== 8), elsewhere, longAgo].sort((a, b) => a.at - b.at);
    const stream = videoStream({ description: FLEX_SDP });
    expect(run(stream, wires.map(rtp))).toHaveLength(29);
    expect(stream.statistics).toMatchObject({ fec: 2, recovered: 0, lost: 1 });
  });

  test('sequence numbers begin anew · what was held before is not mixed with what is now', () => {
    const before = frames(0, 30);
    const now = frames(30, 30).map((wire) => ({ ...wire, seq: wire.seq + 20_000 }));
    const fec = [before, now].map((wires, at) => flexfecBehind(wires.slice(6, 12), at));
    const wires = [...before, ...now].filter(({ seq }) => ![8, 20_038].includes(seq));
    const stream = videoStream({ description: FLEX_SDP });
    const packets = run(stream, [...wires, ...fec].sort((a, b) => a.at - b.at).map(rtp));
    expect(packets.map(({ payload }) => payload[0])).toEqual([...before, ...now].map(({ seq }) => seq & 255));
    expect(stream.statistics).toMatchObject({ recoveredByFec: 2, lost: 0 });
  });

  test('broken, or of a kind that is not read · is counted, and costs nothing else', () => {
    const media = frames(0, 30);
    const broken = { ...flexfecBehind(media.slice(6, 12), 1), payload: [1, 2, 3] };
    const stream = videoStream({ description: FLEX_SDP });
    expect(run(stream, [...media, broken].sort((a, b) => a.at - b.at).map(rtp))).toHaveLength(30);
    expect(stream.statistics).toMatchObject({ fec: 1, malformed: 0, foreign: 0 });
  });
});
