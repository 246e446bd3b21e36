import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunInfo } from '../../src/order/run-info.ts';
import { parseSessionDescription } from '../../src/sdp/session-description.ts';
import {
  AUDIO_SDP,
  audioStream,
  frames,
  MEDIA_SSRC,
  report,
  rtp,
  rtx,
  run,
  take,
  videoStream,
  type Wire,
} from './wire.ts';

const OTHER = 0xdddddddd;

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function reasons(runs: readonly RunInfo[]): string[] {
  return runs.map(({ reason, continuesTicks }) => (continuesTicks ? `${reason}, same ticks` : reason));
}

/** Opus packets of 20 ms. */
function audio(from: number, count: number, more: Partial<Wire> = {}): Wire[] {
  return range(from, from + count).map((index) => ({
    at: index * 20,
    seq: index & 65_535,
    ts: (index * 960) % 2 ** 32,
    pt: 111,
    ...more,
  }));
}

function later(wires: readonly Wire[], ms: number, ticks: number, steps = 0): Wire[] {
  return wires.map((wire) => ({
    ...wire,
    at: wire.at + ms,
    ts: (wire.ts + ticks + 2 ** 32) % 2 ** 32,
    seq: (wire.seq + steps) & 65_535,
  }));
}

describe('media stream, source', () => {
  test('source · another SSRC takes over as a new run, without losing a packet', () => {
    const second = audio(5000, 100, { ssrc: OTHER }).map((wire, index) => ({
      ...wire,
      at: 2000 + index * 20,
    }));
    const stream = audioStream();
    const packets = run(stream, [...audio(0, 100), ...second].map(rtp));
    expect(packets.length).toBe(200);
    expect(packets.map((packet) => packet.run)).toEqual([...range(0, 100).fill(0), ...range(0, 100).fill(1)]);
    expect(stream.runs).toEqual([
      {
        index: 0,
        ssrc: MEDIA_SSRC,
        reason: 'start',
        firstRtpTicks: 0,
        firstReceivedMs: 0,
        continuesTicks: false,
      },
      {
        index: 1,
        ssrc: OTHER,
        reason: 'ssrc-change',
        firstRtpTicks: 4_800_000,
        firstReceivedMs: 2000,
        continuesTicks: false,
      },
    ]);
    expect(packets[100]?.lossBefore).toBe(0);
    expect(stream.statistics.foreign).toBe(0);
  });

  test('source · the last packets of the old SSRC may come among the first of the new one', () => {
    const first = audio(0, 100);
    const second = audio(0, 100, { ssrc: OTHER }).map((wire) => ({ ...wire, at: wire.at + 1900 }));
    const stream = audioStream();
    const packets = run(stream, [...first, ...second].sort((a, b) => a.at - b.at).map(rtp));
    expect([packets.length, reasons(stream.runs)]).toEqual([200, ['start', 'ssrc-change']]);
  });

  test('source · a change shortly before the end counts too', () => {
    const second = audio(0, 5, { ssrc: OTHER }).map((wire) => ({ ...wire, at: wire.at + 2000 }));
    const third = audio(0, 5, { ssrc: 0xcccccccc }).map((wire) => ({ ...wire, at: wire.at + 2200 }));
    const stream = audioStream();
    const packets = run(stream, [...audio(0, 100), ...second, ...third].map(rtp));
    expect([packets.length, reasons(stream.runs)]).toEqual([110, ['start', 'ssrc-change', 'ssrc-change']]);
  });

  test('source · an interleaved stranger is foreign, also while the stream is silent for DTX', () => {
    const own = audio(0, 20).map((wire, index) => ({ ...wire, at: index * 400, ts: index * 19_200 }));
    const stranger = audio(7000, 400, { ssrc: OTHER }).map((wire, index) => ({
      ...wire,
      at: 500 + index * 17,
    }));
    const stream = audioStream();
    const packets = run(stream, [...own, ...stranger].sort((a, b) => a.at - b.at).map(rtp));
    expect(packets.map(({ payload }) => payload[0])).toEqual(range(0, 20));
    expect(stream.statistics).toMatchObject({ received: 20, foreign: 400 });
    expect(stream.runs.length).toBe(1);
  });

  test('source · an interleaved stranger stays foreign to the last record', () => {
    const both = audio(0, 200).flatMap((wire) => [wire, { ...wire, seq: wire.seq + 9, ssrc: OTHER }]);
    const stream = audioStream();
    expect(run(stream, both.map(rtp)).length).toBe(200);
    expect(stream.statistics.foreign).toBe(200);
  });

  test('source · single packets of thousands of SSRCs change nothing', () => {
    const wires = audio(0, 100).flatMap((wire) => [
      wire,
      ...range(0, 40).map((index) => ({ ...wire, seq: index * 997, ssrc: 0x1000 + wire.seq * 40 + index })),
    ]);
    const stream = audioStream();
    const packets = run(stream, wires.map(rtp));
    expect(packets.map(({ payload }) => payload[0])).toEqual(range(0, 100));
    expect(stream.statistics).toMatchObject({ received: 100, foreign: 4000 });
  });

  test('source · a stream of a single packet is given out, noise of single packets is not', () => {
    expect(run(audioStream(), audio(5, 1).map(rtp)).length).toBe(1);
    const noise = range(0, 50).map((index) => rtp({ ...(audio(index * 5000, 1)[0] as Wire), ssrc: index }));
    const stream = audioStream();
    expect(run(stream, noise).length).toBe(0);
    expect(stream.statistics.foreign).toBe(50);
  });

  test('source · a dump without usable receive times still lets the new SSRC take over', () => {
    const wires = [...audio(0, 50), ...audio(0, 1500, { ssrc: OTHER })].map((wire) => ({ ...wire, at: 0 }));
    const stream = audioStream();
    expect(run(stream, wires.map(rtp)).length).toBe(1550);
  });

  test('source · two that send side by side are layers, a stray one and a successor are none', () => {
    const beside = frames(0, 100, { ssrc: OTHER });
    const both = [...frames(0, 100), ...beside].toSorted((a, b) => a.at - b.at);
    const stream = videoStream();
    run(stream, both.map(rtp));
    expect(stream.layers).toEqual([MEDIA_SSRC, OTHER]);
    const stray = videoStream();
    run(stray, [...frames(0, 100), ...beside.slice(0, 15)].toSorted((a, b) => a.at - b.at).map(rtp));
    expect(stray.layers).toEqual([]);
    const successor = videoStream();
    run(successor, [...frames(0, 100), ...later(beside, 5000, 0)].map(rtp));
    expect([successor.runs.length, successor.layers]).toEqual([2, []]);
  });

  test('source · retransmissions for the new SSRC find it', () => {
    const second = frames(40_000, 60, { ssrc: OTHER }).map((wire, index) => ({
      ...wire,
      at: 3300 + index * 33,
    }));
    const arrivals = [
      ...frames(0, 100).map(rtp),
      ...second.slice(0, 5).map(rtp),
      ...second.slice(6, 9).map(rtp),
      rtx(3600, second[5] as Wire, 77),
      ...second.slice(9).map(rtp),
    ];
    const stream = videoStream();
    expect(run(stream, arrivals).length).toBe(160);
    expect(stream.statistics).toMatchObject({ recovered: 1, lost: 0, foreign: 0 });
  });
});

describe('media stream, payload types', () => {
  const H264 = parseSessionDescription(
    'm=video 9 RTP/AVP 102 103 97\na=rtpmap:102 H264/90000\na=rtpmap:103 h264/90000\na=rtpmap:97 VP8/90000\n',
  );

  test('payload type · all of the codec are followed, those of others are foreign', () => {
    const wires = frames(0, 90).map((wire, index) => ({ ...wire, pt: [102, 103, 97][index % 3] as number }));
    const stream = videoStream({ description: H264, codec: 'h264' });
    expect(run(stream, wires.map(rtp)).length).toBe(60);
    expect(stream.statistics).toMatchObject({ received: 60, foreign: 30, lost: 0 });
  });

  test('payload type · one that nothing names and that takes the media’s place is followed', () => {
    const wires = frames(0, 90).map((wire, index) => ({ ...wire, pt: index < 30 ? 96 : 120 }));
    const stream = videoStream();
    expect(run(stream, wires.map(rtp)).map(({ sequence }) => sequence)).toEqual(range(0, 90));
    expect(stream.statistics).toMatchObject({ received: 90, foreign: 0, lost: 0 });
    expect(reasons(stream.runs)).toEqual(['start']);
  });

  test('payload type · the same in the last packets of a dump', () => {
    const wires = audio(0, 50).map((wire, index) => ({ ...wire, pt: index < 46 ? 111 : 96 }));
    const stream = audioStream();
    expect(run(stream, wires.map(rtp)).length).toBe(50);
    expect(stream.statistics).toMatchObject({ received: 50, foreign: 0 });
  });

  test('payload type · FEC that nothing names, between the media, takes up its numbers and stays foreign', () => {
    const wires = frames(0, 90).map((wire, index) => ({ ...wire, pt: index % 9 < 3 ? 120 : 96 }));
    const stream = videoStream();
    expect(run(stream, wires.map(rtp)).length).toBe(60);
    expect(stream.statistics).toMatchObject({ received: 60, foreign: 30, lost: 0 });
  });

  test('payload type · a long telephone event in the place of the media is none (RFC 4733)', () => {
    const wires = audio(0, 100).map((wire, index) =>
      index >= 30 && index < 70 ? { ...wire, pt: 101, ts: 30 * 960 } : wire,
    );
    const stream = audioStream();
    expect(run(stream, wires.map(rtp)).length).toBe(60);
    expect(stream.statistics).toMatchObject({ received: 60, foreign: 40, lost: 0 });
  });

  test('payload type · without SDP the majority decides, not retransmissions that the dump begins with', () => {
    const wires = frames(0, 100);
    const repeats = range(0, 30).map((index) => rtx(index, wires[0] as Wire, index));
    const padding = rtp({ at: 0, seq: 9, ts: 0, ssrc: 9, pt: 97, padding: 100 });
    const arrivals = [padding, rtp(wires[0] as Wire), ...repeats, ...wires.slice(1, 20).map(rtp)];
    const stream = videoStream({ description: undefined });
    expect(run(stream, arrivals).map(({ sequence }) => sequence)).toEqual(range(0, 20));
    expect(stream.statistics).toMatchObject({ received: 20, foreign: 31 });
  });

  test('payload type · without SDP the packets before the decision are not lost, nor held for ever', () => {
    const stream = audioStream({ description: undefined });
    const wires = audio(0, 600);
    for (const wire of wires) stream.push(rtp(wire));
    expect(take(stream).length).toBe(600);
  });

  test.each([
    ['names another codec only', 'm=audio 9 RTP/AVP 111\na=rtpmap:111 multiopus/48000/6\n'],
    ['maps nothing', 'm=audio 9 RTP/AVP 111\n'],
    ['names a payload type that does not occur', 'm=audio 9 RTP/AVP 96\na=rtpmap:96 opus/48000/2\n'],
  ])('payload type · an SDP that %s does not lose the stream', (_, text) => {
    const stream = audioStream({ description: parseSessionDescription(text) });
    expect(run(stream, audio(0, 50).map(rtp)).length).toBe(50);
  });

  test('payload type · of two codecs that the SDP names only its own is the media, however much there is of the other', () => {
    const description = parseSessionDescription(
      'm=video 9 RTP/AVP 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 H264/90000\n',
    );
    const wires = [...frames(0, 5), ...frames(5, 50, { pt: 97 })];
    const stream = videoStream({ description });
    expect(run(stream, wires.map(rtp)).map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4]);
    expect([...stream.payloadTypes()]).toEqual([
      [96, 5],
      [97, 50],
    ]);
    expect(run(videoStream({ description }), frames(0, 50, { pt: 97 }).map(rtp))).toEqual([]);
  });

  describe('RED', () => {
    const bodyOf = (seq: number) => [0x78, seq & 255, 7];
    /** Opus in RED, each with the packet before. */
    const red = (from: number, count: number, pt = 63): Wire[] =>
      audio(from, count, { pt }).map((wire, index) => {
        const before = bodyOf(wire.seq - 1);
        const redundant = index === 0 ? [] : [0x80 | 111, 960 >> 6, (960 << 2) & 255, before.length];
        return { ...wire, payload: [...redundant, 111, ...(index === 0 ? [] : before), ...bodyOf(wire.seq)] };
      });
    const RED_ONLY = 'm=audio 9 RTP/AVP 63\na=rtpmap:63 red/48000/2\n';

    test.each([
      ['is all that the SDP names, with what is inside', `${RED_ONLY}a=fmtp:63 111/111\n`],
      ['is all that the SDP names, without it', RED_ONLY],
      [
        'comes with an SDP that names only what is inside',
        'm=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n',
      ],
      ['comes without any SDP', undefined],
    ])('where it %s, gives what is inside', (_, text) => {
      const description = text === undefined ? undefined : parseSessionDescription(text);
      const wires = red(0, 60).filter(({ seq }) => seq !== 30);
      const packets = run(audioStream({ description }), wires.map(rtp));
      expect(packets.map(({ payload }) => [...payload])).toEqual(
        Array.from({ length: 60 }, (__, seq) => bodyOf(seq)),
      );
    });

    test('may begin at any time', () => {
      const description = parseSessionDescription('m=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n');
      const plain = audio(0, 60).map((wire) => ({ ...wire, payload: bodyOf(wire.seq) }));
      const wires = [...plain, ...red(59, 61).slice(1)];
      const packets = run(audioStream({ description }), wires.map(rtp));
      expect(packets.map(({ payload }) => [...payload])).toEqual(
        Array.from({ length: 120 }, (__, seq) => bodyOf(seq)),
      );
    });

    test('is not what plain Opus that begins like it is', () => {
      const stream = audioStream({ description: undefined });
      const wires = audio(0, 60).map((wire) => ({
        ...wire,
        payload: [0x80 | 111, 0x0f, 0, 2, 111, wire.seq, 2, 3, 4],
      }));
      const packets = run(stream, wires.map(rtp));
      expect(packets.map(({ payload }) => payload.length)).toEqual(new Array<number>(60).fill(9));
    });
  });

  describe('payload types 64 to 95, which with a marker bit look like RTCP', () => {
    test.each([
      ['that the SDP names', 'm=video 9 RTP/AVP 72\na=rtpmap:72 VP8/90000\n'],
      ['without an SDP', undefined],
    ])('%s are media', (_, text) => {
      const description = text === undefined ? undefined : parseSessionDescription(text);
      const stream = videoStream({ description });
      const wires = frames(100, 60, { pt: 72 }).map((wire) => ({ ...wire, marker: wire.seq % 3 > 0 }));
      const packets = run(stream, wires.map(rtp));
      expect(packets.map(({ sequence, marker }) => [sequence, marker])).toEqual(
        wires.map(({ seq, marker }) => [seq, marker]),
      );
      expect(stream.statistics).toMatchObject({ received: 60, malformed: 0 });
    });

    test('real reports among the RTP stay reports', () => {
      const stream = videoStream();
      const sent = { ...report(5, MEDIA_SSRC, 1_700_000_000_000, 0), kind: 'rtp' as const };
      expect(run(stream, [...frames(0, 3).map(rtp), sent, ...frames(3, 3).map(rtp)]).length).toBe(6);
      expect(stream.senderReports.length).toBe(1);
    });
  });

  test('records · what is cut, and what has no payload, is counted apart', () => {
    const stream = audioStream();
    const [whole, ...others] = audio(0, 6).map(rtp);
    if (whole === undefined) throw new Error('there is one');
    const cut = [
      { ...whole, truncated: true },
      { ...whole, bytes: whole.bytes.subarray(0, 9) },
      { ...report(0, MEDIA_SSRC, 1_700_000_000_000, 0), bytes: Uint8Array.of(0x80, 200, 0, 6, 0, 0, 0, 10) },
    ];
    const garbage = { ...whole, bytes: new Uint8Array(40) };
    const padding = rtp({ at: 120, seq: 6, ts: 5760, pt: 111, padding: 20 });
    run(stream, [whole, ...cut, garbage, ...others, padding]);
    expect(stream.statistics).toMatchObject({ malformed: 4, cut: 3, empty: 1, padding: 1 });
  });

  test('payload type · what the SDP knows as something else never becomes the media', () => {
    const stream = audioStream({ description: AUDIO_SDP });
    expect(run(stream, audio(0, 50, { pt: 13 }).map(rtp)).length).toBe(0);
    expect(stream.statistics.foreign).toBe(50);
  });
});

describe('media stream, runs', () => {
  test('run · a clock that stood still for long begins a new run in the same space of ticks', () => {
    // 300 ms of RTP time where 25.3 s went by, and the next sequence number.
    const stream = audioStream();
    const packets = run(stream, [...audio(0, 100), ...later(audio(100, 100), 25_300, 14_400)].map(rtp));
    expect(packets.length).toBe(200);
    expect(reasons(stream.runs)).toEqual(['start', 'clock-jump, same ticks']);
    expect(packets[100]).toMatchObject({
      run: 1,
      sequence: 100,
      rtpTicks: 110_400,
      lossBefore: 0,
      continuesDecoding: true,
    });
    expect(packets[101]).not.toHaveProperty('continuesDecoding');
    expect(stream.runs[1]).toMatchObject({ firstRtpTicks: 110_400, firstReceivedMs: 27_300 });
  });

  test.each([
    ['a clock that stood for 5 s', 5300, 14_400],
    ['a network that froze for 5 s', 5000, 0],
  ])('run · %s is no new run: what it was, the solve of clocks finds', (_, lateMs, ticks) => {
    const stream = audioStream();
    const packets = run(stream, [...audio(0, 100), ...later(audio(100, 100), lateMs, ticks)].map(rtp));
    expect(reasons(stream.runs)).toEqual(['start']);
    expect(packets.length).toBe(200);
  });

  test('run · pictures that are decoded behind later ones go on, and a timestamp that goes back otherwise does not', () => {
    const back = [...audio(0, 100), ...later(audio(100, 100), 0, -2000)].map(rtp);
    const stream = audioStream();
    run(stream, back);
    expect(reasons(stream.runs)).toEqual(['start', 'clock-jump, same ticks']);
  });

  test.each([
    ['ahead', 48_000 * 3600],
    ['back', -48_000 * 3600],
  ])('run · a timestamp jump %s begins a new run, unwrapped from the one before', (_, ticks) => {
    const stream = audioStream();
    const packets = run(stream, [...audio(0, 100), ...later(audio(100, 100), 0, ticks)].map(rtp));
    expect(reasons(stream.runs)).toEqual(['start', 'clock-jump, same ticks']);
    expect(packets[100]?.rtpTicks).toBe(96_000 + ticks);
    expect(stream.statistics).toMatchObject({ malformed: 0, lost: 0 });
  });

  test('run · receive times that leap within a frame · the frame stays whole, a run begins with the next one', () => {
    const wires = range(0, 60).map((index) => {
      const frame = Math.floor(index / 3);
      return { at: frame * 33 + (index < 31 ? 0 : 2 ** 24), seq: index, ts: frame * 3000 };
    });
    const stream = videoStream();
    const packets = run(stream, wires.map(rtp));
    expect(reasons(stream.runs)).toEqual(['start', 'clock-jump, same ticks']);
    expect(packets.map((packet) => packet.run)).toEqual([...range(0, 33).fill(0), ...range(0, 27).fill(1)]);
    expect(packets.slice(30, 33).map(({ receivedMs }) => receivedMs)).toEqual([330, 330, 330]);
    expect(packets[33]).toMatchObject({ continuesDecoding: true, receivedMs: 363 + 2 ** 24 });
  });

  test('run · loss right before a jump leaves nothing for a decoder to go on from', () => {
    const wires = [...audio(0, 100), ...later(audio(103, 100), 0, 48_000 * 60)];
    const packets = run(audioStream(), wires.map(rtp));
    expect(packets[100]).toMatchObject({ run: 1, lossBefore: 0 });
    expect(packets[100]).not.toHaveProperty('continuesDecoding');
  });

  test('run · silence with a clock that goes on is no boundary, be it hours', () => {
    const hours = later(audio(100, 100), 3 * 3_600_000, 3 * 3600 * 48_000);
    const stream = audioStream();
    expect(run(stream, [...audio(0, 100), ...hours].map(rtp)).length).toBe(200);
    expect(reasons(stream.runs)).toEqual(['start']);
  });

  test('run · a frame that takes longer than the limit to arrive is no boundary', () => {
    const frame = range(0, 30).map((index) => ({ at: 3300 + index * 50, seq: 100 + index, ts: 300_000 }));
    const after = frames(130, 30).map((wire, index) => ({
      ...wire,
      at: 4800 + index * 33,
      ts: 300_000 + 135_000 + index * 3000,
    }));
    const stream = videoStream();
    expect(run(stream, [...frames(0, 100), ...frame, ...after].map(rtp)).length).toBe(160);
    expect(reasons(stream.runs)).toEqual(['start']);
  });

  test.each([
    ['timestamp', { ts: 0x55555555 }],
    ['receive time', { at: 0xfffffff0 }],
  ])('run · one packet with an absurd %s makes no run, and lies between its neighbours', (_, absurd) => {
    const wires = audio(0, 200).map((wire, index) => (index === 120 ? { ...wire, ...absurd } : wire));
    const stream = audioStream();
    const packets = run(stream, wires.map(rtp));
    expect(packets.map(({ payload }) => payload[0])).toEqual(range(0, 200));
    expect(packets[120]).toMatchObject({ sequence: 120, lossBefore: 0, rtpTicks: 120 * 960 });
    expect(packets[120]?.receivedMs).toBeLessThanOrEqual(packets[121]?.receivedMs ?? 0);
    expect(reasons(stream.runs)).toEqual(['start']);
    expect(stream.statistics).toMatchObject({ malformed: 0, lost: 0 });
  });

  test('run · a picture of several packets stamped hours away lies between its neighbours, too', () => {
    const pictures = (from: number, to: number, ts = 0) =>
      range(from, to).flatMap((index) =>
        range(0, 3).map((part) => ({
          at: index * 33 + part,
          seq: index * 3 + part,
          ts: 300_000 + index * 3000 + ts,
          pt: 96,
          marker: part === 2,
        })),
      );
    const stream = videoStream();
    const wires = [...pictures(0, 50), ...pictures(50, 51, -90_000 * 3600), ...pictures(51, 100)];
    const packets = run(stream, wires.map(rtp));
    expect(packets.length).toBe(300);
    expect(packets.slice(150, 153).map(({ rtpTicks }) => rtpTicks)).toEqual([450_000, 450_000, 450_000]);
    expect(reasons(stream.runs)).toEqual(['start']);
    expect(stream.statistics).toMatchObject({ malformed: 0, lost: 0 });
  });

  test('run · one packet with an absurd sequence number makes no run and is left out', () => {
    const wires = audio(0, 200).flatMap((wire, index) =>
      index === 120 ? [{ ...wire, seq: 40_000 }, wire] : [wire],
    );
    const stream = audioStream();
    expect(run(stream, wires.map(rtp)).map(({ payload }) => payload[0])).toEqual(range(0, 200));
    expect(reasons(stream.runs)).toEqual(['start']);
    expect(stream.statistics.malformed).toBe(1);
  });

  test.each([
    ['far ahead', 20_000],
    ['far back', -20_000],
    ['a little back', -40],
  ])('run · sequence numbers that start anew %s begin a new run and lose nothing', (_, steps) => {
    const stream = audioStream();
    const packets = run(stream, [...audio(500, 200), ...later(audio(700, 200), 0, 0, steps)].map(rtp));
    expect(packets.length).toBe(400);
    expect(reasons(stream.runs)).toEqual(['start', 'sequence-reset, same ticks']);
    expect(packets.map(({ rtpTicks }) => rtpTicks)).toEqual(range(500, 900).map((index) => index * 960));
    expect(stream.statistics).toMatchObject({ malformed: 0, late: 0, duplicate: 0 });
  });

  test('run · an absurd last packet is left out, a late last one is not', () => {
    const far = audioStream();
    expect(
      run(far, [...audio(0, 100), { at: 2000, seq: 100, ts: 0x70000000, pt: 111 }].map(rtp)).length,
    ).toBe(100);
    const stalled = audioStream();
    const last = { at: 24_000, seq: 100, ts: 96_000, pt: 111 };
    expect(run(stalled, [...audio(0, 100), last].map(rtp)).length).toBe(101);
    expect(reasons(stalled.runs)).toEqual(['start', 'clock-jump, same ticks']);
  });

  test('run · numbers that never settle give bounded runs', () => {
    const wires = range(0, 60_000).map((index) => ({
      at: index,
      seq: index & 65_535,
      ts: (Math.floor(index / 2) * 0x10000000 + (index % 2)) % 2 ** 32,
      pt: 111,
    }));
    const stream = audioStream();
    run(stream, wires.map(rtp));
    expect(stream.runs.length).toBe(10_000);
    expect(stream.statistics.foreign).toBeGreaterThan(0);
  });
});

describe('media stream, sender reports', () => {
  test('reports · are unwrapped on the scale of their run, those before the first packet too', () => {
    const base = 2 ** 32 - 48_000;
    const wires = later(audio(0, 200), 100, base);
    const records = [
      report(50, MEDIA_SSRC, 1_700_000_000_000, (base - 4800) % 2 ** 32),
      ...wires.slice(0, 100).map(rtp),
      report(2150, MEDIA_SSRC, 1_700_000_002_000, (base + 96_000) % 2 ** 32), // behind the wrap
      ...wires.slice(100).map(rtp),
    ];
    const stream = audioStream();
    run(stream, records);
    expect(stream.senderReports).toEqual([
      { run: 0, rtpTicks: base - 4800, ntpMs: 1_700_000_000_000, receivedMs: 50 },
      { run: 0, rtpTicks: base + 96_000, ntpMs: 1_700_000_002_000, receivedMs: 2150 },
    ]);
  });

  test('reports · one from before the first packet may have wrapped since', () => {
    const stream = audioStream();
    run(stream, [
      report(0, MEDIA_SSRC, 1_700_000_000_000, 0xffffff00),
      ...later(audio(0, 10), 20, 0x100).map(rtp),
    ]);
    expect(stream.senderReports.map(({ rtpTicks }) => rtpTicks)).toEqual([-0x100]);
  });

  test('reports · of a source that takes over belong to its run, of strangers to none', () => {
    const second = audio(0, 100, { ssrc: OTHER }).map((wire) => ({ ...wire, at: wire.at + 2000 }));
    const records = [
      ...audio(0, 100).map(rtp),
      report(1990, MEDIA_SSRC, 1_700_000_000_000, 96_000),
      report(1995, 0x77777777, 1_700_000_000_000, 5),
      report(1999, OTHER, 1_700_000_001_000, 0),
      ...second.map(rtp),
      report(4000, OTHER, 1_700_000_003_000, 96_000),
    ];
    const stream = audioStream();
    run(stream, records);
    expect(stream.senderReports.map((each) => [each.run, each.rtpTicks, each.receivedMs])).toEqual([
      [0, 96_000, 1990],
      [1, 0, 1999],
      [1, 96_000, 4000],
    ]);
  });

  test('reports · belong to the run of the packet before them', () => {
    const records = [
      ...audio(0, 100).map(rtp),
      report(3000, MEDIA_SSRC, 1_700_000_000_000, 144_000),
      ...later(audio(100, 100), 25_300, 0).map(rtp),
      report(29_300, MEDIA_SSRC, 1_700_000_007_000, 192_000),
    ];
    const stream = audioStream();
    run(stream, records);
    expect(stream.senderReports.map((each) => each.run)).toEqual([0, 1]);
  });

  test('reports · behind nothing but padding wait for the next packet of their source, and go with it', () => {
    const start = audio(0, 100).map(rtp);
    const padding = range(0, 10).map((index) =>
      rtp({ at: 2000 + index, seq: 20_000 + index, ts: 0, pt: 111, padding: 9 }),
    );
    const paddingReport = report(2050, MEDIA_SSRC, 1_700_000_000_000, 98_400);
    const again = later(audio(105, 100), 0, 0, 40_000);
    const same = audioStream();
    run(same, [...start, ...padding, paddingReport, ...again.map(rtp)]);
    expect(same.senderReports.map((each) => [each.run, each.rtpTicks])).toEqual([[1, 98_400]]);
    const other = audioStream();
    const second = audio(0, 100, { ssrc: OTHER }).map((wire) => ({ ...wire, at: wire.at + 4000 }));
    run(other, [...start, ...padding, paddingReport, ...second.map(rtp)]);
    expect([other.senderReports, reasons(other.runs)]).toEqual([[], ['start', 'ssrc-change']]);
  });

  test('reports · are thinned out rather than kept without bound', () => {
    const stream = audioStream();
    for (const wire of audio(0, 100)) stream.push(rtp(wire));
    const one = report(2000, MEDIA_SSRC, 1_700_000_000_000, 96_000);
    const wires = audio(100, 3000);
    for (const wire of wires) {
      for (let index = 0; index < 100; index++) stream.push(one);
      stream.push(rtp(wire));
    }
    expect(stream.senderReports.length).toBeLessThanOrEqual(131_072);
    expect(stream.senderReports.length).toBeGreaterThan(65_536);
  });
});

describe('media stream, foreign bytes', () => {
  test('foreign · records that are no RTP or RTCP are counted and change nothing', () => {
    const garbage = [
      { ...rtp(audio(3, 1)[0] as Wire), truncated: true },
      { offsetMs: 5, kind: 'rtp', bytes: new Uint8Array([0x40, 1, 2]), position: 0, truncated: false },
      { offsetMs: 5, kind: 'rtcp', bytes: new Uint8Array([0x40, 200, 0, 0]), position: 0, truncated: false },
      { offsetMs: 5, kind: 'rtp', bytes: new Uint8Array(0), position: 0, truncated: false },
    ] as const;
    const stream = audioStream();
    const packets = run(stream, [...garbage, ...audio(0, 60).map(rtp), ...garbage]);
    expect(packets.length).toBe(60);
    expect(stream.statistics).toMatchObject({ malformed: 8, received: 60, lost: 0, foreign: 0 });
  });

  test('foreign · RTCP among the RTP records is read as RTCP', () => {
    const mixed = { ...report(10, MEDIA_SSRC, 1_700_000_000_000, 480), kind: 'rtp' } as const;
    const stream = audioStream();
    run(stream, [rtp(audio(0, 1)[0] as Wire), mixed, ...audio(1, 10).map(rtp)]);
    expect(stream.senderReports.length).toBe(1);
    expect(stream.statistics.malformed).toBe(0);
  });

  test('foreign · says so when the clock rate is none', () => {
    expect(() => audioStream({ clockRate: 0 })).toThrow(RangeError);
    expect(() => audioStream({ clockRate: Number.NaN })).toThrow(RangeError);
  });

  test('foreign · whatever comes: no throw, numbers strictly increase within a run, and the books balance', () => {
    const wire = fc.record({
      at: fc.oneof(fc.nat(3000), fc.integer({ min: 0, max: 0xffffffff })),
      seq: fc.oneof(fc.nat(60), fc.nat(65_535)),
      ts: fc.oneof(fc.nat(100_000), fc.integer({ min: 0, max: 0xffffffff })),
      ssrc: fc.constantFrom(MEDIA_SSRC, MEDIA_SSRC, MEDIA_SSRC, OTHER, 5),
      pt: fc.constantFrom(96, 96, 96, 97, 98, 99, 50),
      padding: fc.constantFrom(0, 0, 0, 5),
      payload: fc.array(fc.nat(255), { maxLength: 8 }),
    });
    const noise = fc.record({
      at: fc.nat(3000),
      bytes: fc.uint8Array({ maxLength: 40 }),
      rtcp: fc.boolean(),
    });
    const records = fc.array(
      fc.oneof(
        { weight: 12, arbitrary: wire.map(rtp) },
        {
          weight: 1,
          arbitrary: noise.map(({ at, bytes, rtcp }) => ({
            offsetMs: at,
            kind: rtcp ? ('rtcp' as const) : ('rtp' as const),
            bytes,
            position: 0,
            truncated: false,
          })),
        },
      ),
      { maxLength: 150 },
    );
    fc.assert(
      fc.property(records, fc.boolean(), (all, described) => {
        const stream = videoStream(described ? {} : { description: undefined });
        const packets = run(stream, all);
        let before: { run: number; sequence: number } | undefined;
        for (const packet of packets) {
          if (before !== undefined) {
            expect(packet.run).toBeGreaterThanOrEqual(before.run);
            if (packet.run === before.run) expect(packet.sequence).toBeGreaterThan(before.sequence);
          }
          expect(packet.payload.length).toBeGreaterThan(0);
          expect(Math.abs(packet.rtpTicks % 1)).toBe(0);
          before = packet;
        }
        expect(new Set(packets.map((packet) => packet.run)).size).toBe(stream.runs.length);
        const { received, recovered } = stream.statistics;
        expect(packets.length).toBeLessThanOrEqual(received + recovered);
        expect(run(stream, [])).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
