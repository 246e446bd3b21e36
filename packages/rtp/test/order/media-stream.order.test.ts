import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AUDIO_SDP,
  audioStream,
  frames,
  MEDIA_SSRC,
  RTX_SSRC,
  rtp,
  rtx,
  run,
  take,
  videoStream,
  type Wire,
} from './wire.ts';

function sequences(packets: readonly { readonly sequence: number }[]): number[] {
  return packets.map(({ sequence }) => sequence);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('media stream, order', () => {
  test('order · gives every packet once, with its view of the payload', () => {
    const records = frames(10, 5, { marker: true }).map(rtp);
    const packets = run(videoStream(), records);
    expect(packets[2]).toEqual({
      run: 0,
      sequence: 12,
      rtpTicks: 36_000,
      receivedMs: 396,
      marker: true,
      payload: new Uint8Array([12]),
      lossBefore: 0,
    });
    expect(packets[2]?.payload.buffer).toBe(records[2]?.bytes.buffer);
    expect(sequences(packets)).toEqual([10, 11, 12, 13, 14]);
  });

  test('order · after its first second a stream delays nothing while nothing is missing', () => {
    const stream = videoStream();
    const seen = frames(0, 60).map((wire) => {
      stream.push(rtp(wire));
      return take(stream).length;
    });
    // 31 * 33 ms is the first receive time a second after the first packet's.
    expect(seen).toEqual([...new Array<number>(31).fill(0), 32, ...new Array<number>(28).fill(1)]);
  });

  test('order · unwraps sequence numbers and timestamps through their wraps', () => {
    const wires = range(0, 200).map((index) => ({
      at: index * 33,
      seq: (65_436 + index) & 65_535,
      ts: (2 ** 32 - 300_000 + index * 3000) % 2 ** 32,
    }));
    const stream = videoStream();
    const packets = run(stream, wires.map(rtp));
    expect(sequences(packets)).toEqual(range(65_436, 65_636));
    expect(packets.map(({ rtpTicks }) => rtpTicks)).toEqual(
      range(0, 200).map((index) => 2 ** 32 - 300_000 + index * 3000),
    );
    expect(stream.runs.length).toBe(1);
  });

  test('order · puts late packets back, drops duplicates and counts loss', () => {
    const wires = frames(0, 100);
    const late = { ...(wires[40] as Wire), at: 45 * 33 };
    const arrivals = [
      ...wires.slice(0, 40),
      ...wires.slice(41, 46),
      late,
      ...wires.slice(46, 60),
      ...wires.slice(55, 57), // again
      ...wires.slice(63), // 60, 61, 62 are lost
    ];
    const stream = videoStream();
    const packets = run(stream, arrivals.map(rtp));
    expect(sequences(packets)).toEqual([...range(0, 60), ...range(63, 100)]);
    expect(packets.map(({ lossBefore }) => lossBefore)).toEqual([
      ...new Array<number>(60).fill(0),
      3,
      ...new Array<number>(36).fill(0),
    ]);
    expect(stream.statistics).toMatchObject({ received: 99, reordered: 1, duplicate: 2, lost: 3, late: 0 });
    expect(packets[40]?.receivedMs).toBe(45 * 33);
  });

  test('order · leaves out what comes after its place was given up', () => {
    const wires = frames(0, 120);
    const arrivals = [
      ...wires.slice(0, 40),
      ...wires.slice(41, 90),
      { ...(wires[40] as Wire), at: 90 * 33 },
      ...wires.slice(90),
    ];
    const stream = videoStream();
    expect(sequences(run(stream, arrivals.map(rtp)))).toEqual([...range(0, 40), ...range(41, 120)]);
    expect(stream.statistics).toMatchObject({ lost: 1, late: 1, malformed: 0 });
    expect(stream.runs.length).toBe(1);
  });

  test('order · a packet that comes back at the last moment disturbs neither its clock nor that of the next one', () => {
    const wires = range(0, 200).map((index) => ({ at: index * 20, seq: index, ts: index * 960, pt: 111 }));
    const late = { ...(wires[50] as Wire), at: 2019 };
    const arrivals = [...wires.slice(0, 50), ...wires.slice(51, 101), late, ...wires.slice(101)];
    const stream = audioStream();
    expect(sequences(run(stream, arrivals.map(rtp)))).toEqual(range(0, 200));
    expect(stream.statistics).toMatchObject({ reordered: 1, lost: 0, malformed: 0 });
    expect(stream.runs.length).toBe(1);
  });

  test('order · padding without a timestamp of its own does not make a late packet look new', () => {
    const wires = frames(1, 120);
    const late = wires[40] as Wire;
    const padding = { at: 91 * 33, seq: 91, ts: 0, padding: 100 };
    const rest = wires.slice(90).map((wire) => ({ ...wire, seq: wire.seq + 1 }));
    const arrivals = [
      ...wires.slice(0, 40),
      ...wires.slice(41, 90),
      padding,
      { ...late, at: padding.at },
      { ...late, at: padding.at },
      ...rest,
    ];
    const stream = videoStream();
    run(stream, arrivals.map(rtp));
    expect(stream.statistics).toMatchObject({ late: 1, duplicate: 1, lost: 1, malformed: 0 });
  });

  test('order · padding on the media SSRC takes up numbers: never given out, never loss', () => {
    const wires = frames(0, 100).map((wire, index) => (index % 3 === 1 ? { ...wire, padding: 200 } : wire));
    const kept = wires.filter((_, index) => index % 10 !== 4 && index % 10 !== 5);
    const stream = videoStream();
    const packets = run(stream, kept.map(rtp));
    const media = kept.filter(({ padding }) => padding === undefined);
    expect(sequences(packets)).toEqual(media.map(({ seq }) => seq));
    const padding = kept.length - media.length;
    expect(stream.statistics).toMatchObject({ received: 80, padding, lost: 20, foreign: 0 });
    // What was lost before padding is missing before the media packet behind it.
    expect(packets.reduce((sum, { lossBefore }) => sum + lossBefore, 0)).toBe(20);
  });

  test('order · comfort noise and events on the media SSRC take up numbers, and are foreign', () => {
    const wires = range(0, 60).map((index) => ({
      at: index * 20,
      seq: index,
      ts: index * 960,
      pt: index === 30 ? 13 : 111,
    }));
    const stream = audioStream();
    const packets = run(stream, wires.map(rtp));
    expect(packets.length).toBe(59);
    expect(stream.statistics).toMatchObject({ received: 59, foreign: 1, lost: 0 });
  });

  test('order · reads video orientation where the SDP maps it', () => {
    const wires = frames(0, 3).map((wire, index) => (index === 1 ? { ...wire, orientation: 0b11 } : wire));
    expect(run(videoStream(), wires.map(rtp)).map(({ rotation }) => rotation)).toEqual([
      undefined,
      270,
      undefined,
    ]);
    const unmapped = run(videoStream({ description: AUDIO_SDP, codec: 'opus' }), wires.map(rtp));
    expect(unmapped.some((packet) => 'rotation' in packet)).toBe(false);
  });

  test.each(['one-byte', 'two-byte'] as const)(
    'order · reads audio level where the SDP maps it, as a %s element',
    (extensionForm) => {
      const levels = [0x80 | 30, undefined, 127];
      const wires = levels.map(
        (level, index): Wire => ({
          ...{ at: index * 20, seq: index, ts: index * 960, pt: 111, extensionForm },
          ...(level === undefined ? {} : { level }),
        }),
      );
      const packets = run(audioStream(), wires.map(rtp));
      expect(packets.map(({ audioLevel }) => audioLevel)).toEqual([
        { level: 30, voice: true },
        undefined,
        { level: 127, voice: false },
      ]);
      expect(packets.map((packet) => 'audioLevel' in packet)).toEqual([true, false, true]);
      const unmapped = audioStream({ description: { ...AUDIO_SDP, extensions: new Map() } });
      expect(run(unmapped, wires.map(rtp)).some((packet) => 'audioLevel' in packet)).toBe(false);
    },
  );

  test('order · any delays within the window come out sorted, with the loss that there was', () => {
    const fate = fc.record({ lost: fc.boolean(), delay: fc.nat(400), twice: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(fate, { minLength: 3, maxLength: 80 }),
        fc.nat(65_535),
        fc.integer({ min: 0, max: 0xffffffff }),
        (fates, seq0, ts0) => {
          const sent = fates.flatMap(({ lost, delay, twice }, index) => {
            if (lost && index % 4 === 2) return [];
            const wire: Wire = {
              at: 1000 + index * 20 + delay,
              seq: (seq0 + index) & 65_535,
              ts: (ts0 + index * 960) % 2 ** 32,
              pt: 111,
              payload: [index],
            };
            return twice ? [wire, { ...wire, at: wire.at + 50 }] : [wire];
          });
          const arrivals = sent.sort((a, b) => a.at - b.at);
          const stream = audioStream();
          const packets = run(stream, arrivals.map(rtp));
          const truth = [...new Set(sent.map(({ payload }) => payload?.[0] as number))].sort((a, b) => a - b);
          expect(packets.map(({ payload }) => payload[0])).toEqual(truth);
          const first = truth[0] as number;
          const last = truth.at(-1) as number;
          expect(stream.statistics.lost).toBe(last - first + 1 - truth.length);
          expect(stream.statistics.duplicate).toBe(sent.length - truth.length);
          for (const { sequence, rtpTicks, payload } of packets) {
            const step = (payload[0] as number) - (packets[0]?.payload[0] as number);
            expect(sequence - (packets[0]?.sequence as number)).toBe(step);
            expect(rtpTicks - (packets[0]?.rtpTicks as number)).toBe(step * 960);
          }
          expect(stream.runs.length).toBe(1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('media stream, repair', () => {
  test('rtx · puts a retransmission in the place of what it repeats', () => {
    const wires = frames(0, 60);
    const lost = { ...(wires[20] as Wire), marker: true, orientation: 1 };
    const arrivals = [
      ...wires.slice(0, 20).map(rtp),
      ...wires.slice(21, 26).map(rtp),
      rtx(26 * 33, lost, 7000),
      ...wires.slice(26).map(rtp),
    ];
    const stream = videoStream();
    const packets = run(stream, arrivals);
    expect(sequences(packets)).toEqual(range(0, 60));
    expect(packets[20]).toMatchObject({ rtpTicks: 60_000, marker: true, lossBefore: 0, rotation: 90 });
    expect([...(packets[20]?.payload ?? [])]).toEqual([20]);
    expect(stream.statistics).toMatchObject({
      received: 59,
      recovered: 1,
      retransmissions: 1,
      lost: 0,
      reordered: 0,
    });
  });

  test('rtx · of a packet that did arrive is a duplicate, of padding it is nothing', () => {
    const wires = frames(0, 20);
    const arrivals = [
      rtp({ at: 0, seq: 6999, ts: 0, ssrc: RTX_SSRC, pt: 97, padding: 200 }),
      ...wires.slice(0, 10).map(rtp),
      rtx(330, wires[5] as Wire, 7000),
      rtx(331, wires[5] as Wire, 7001),
      rtp({ at: 332, seq: 7002, ts: 0, ssrc: RTX_SSRC, pt: 97, payload: [1] }), // too short for a number
      ...wires.slice(10).map(rtp),
    ];
    const stream = videoStream();
    expect(sequences(run(stream, arrivals))).toEqual(range(0, 20));
    expect(stream.statistics).toMatchObject({
      duplicate: 2,
      recovered: 0,
      retransmissions: 4,
      malformed: 1,
      padding: 0,
    });
  });

  test('rtx · that comes before two packets of the media are seen is not forgotten', () => {
    const wires = frames(0, 20);
    const arrivals = [
      rtp(wires[0] as Wire),
      rtx(1, wires[0] as Wire, 1),
      rtx(90, wires[1] as Wire, 2),
      ...wires.slice(2).map(rtp),
    ];
    const stream = videoStream();
    expect(sequences(run(stream, arrivals))).toEqual(range(0, 20));
    expect(stream.statistics).toMatchObject({ recovered: 1, duplicate: 1, foreign: 0 });
  });

  test('rtx · of another time or another stream is foreign', () => {
    const wires = frames(0, 40);
    const arrivals = [
      ...wires.map(rtp),
      rtx(1400, { at: 0, seq: 30_000, ts: 120_000 }, 1),
      rtx(1400, { at: 0, seq: 41, ts: 0x80000000 }, 2),
    ];
    const stream = videoStream();
    expect(sequences(run(stream, arrivals))).toEqual(range(0, 40));
    expect(stream.statistics).toMatchObject({ foreign: 2, recovered: 0, lost: 0 });
  });

  test('red · gives the primary block, and fills what is missing from the older ones', () => {
    const red = (index: number): Wire => ({
      at: index * 20,
      seq: index,
      ts: index * 960,
      pt: 63,
      level: index,
      payload: [
        ...[0x80 | 111, 1920 >> 6, (1920 & 63) << 2, 1],
        ...[0x80 | 111, 960 >> 6, (960 & 63) << 2, 1],
        ...[111],
        ...[index - 2, index - 1, index],
      ],
    });
    const arrivals = range(10, 80)
      .map(red)
      .filter(({ seq }) => ![30, 31, 50, 60, 61, 62].includes(seq));
    const stream = audioStream();
    const packets = run(stream, arrivals.map(rtp));
    // Three in a row are more than two older blocks can fill.
    expect(packets.map(({ payload }) => payload[0])).toEqual(range(10, 80).filter((seq) => seq !== 60));
    expect(packets.every(({ rtpTicks, payload }) => rtpTicks === (payload[0] as number) * 960)).toBe(true);
    // The header extension speaks of the primary block.
    const recovered = [30, 31, 50, 61, 62];
    expect(packets.map(({ audioLevel }) => audioLevel?.level)).toEqual(
      packets.map(({ payload: [seq] }) => (recovered.includes(seq as number) ? undefined : seq)),
    );
    expect(stream.statistics).toMatchObject({ received: 64, recovered: 5, lost: 1, duplicate: 0 });
  });

  test('red · around FEC takes up a number; broken RED is malformed', () => {
    const wires: Wire[] = frames(0, 40).map((wire, index) => {
      if (index === 20) return { ...wire, pt: 98, payload: [99, 1, 2, 3] };
      if (index === 25) return { ...wire, pt: 98, payload: [0x80 | 96, 0, 0, 9] };
      return { ...wire, pt: 98, payload: [96, index] };
    });
    const stream = videoStream();
    const packets = run(stream, wires.map(rtp));
    expect(packets.map(({ payload }) => payload[0])).toEqual(
      range(0, 40).filter((index) => index !== 20 && index !== 25),
    );
    expect(stream.statistics).toMatchObject({ fec: 1, foreign: 0, malformed: 1, lost: 1 });
  });

  test('rtx · of RED is unpacked twice', () => {
    const description = {
      ...AUDIO_SDP,
      formats: new Map([
        ...AUDIO_SDP.formats,
        [
          97,
          {
            payloadType: 97,
            name: 'rtx',
            clockRate: 48_000,
            channels: 2,
            role: 'rtx',
            apt: 63,
            parameters: new Map(),
          },
        ],
      ] as const),
    };
    const wires = range(0, 40).map((index) => ({
      at: index * 20,
      seq: index,
      ts: index * 960,
      pt: 63,
      payload: [111, index],
    }));
    const arrivals = [
      ...wires.slice(0, 10).map(rtp),
      ...wires.slice(11, 15).map(rtp),
      rtx(300, wires[10] as Wire, 1),
      ...wires.slice(15).map(rtp),
    ];
    const packets = run(audioStream({ description }), arrivals);
    expect(packets.map(({ payload }) => payload[0])).toEqual(range(0, 40));
    expect(packets[10]?.run).toBe(0);
    expect(MEDIA_SSRC).not.toBe(RTX_SSRC);
  });
});
