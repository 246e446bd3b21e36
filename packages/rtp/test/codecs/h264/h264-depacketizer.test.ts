import { describe, expect, it } from 'vitest';
import { H264Depacketizer, type H264Options } from '../../../src/codecs/h264/h264-depacketizer.ts';
import { bytesOf, framesOf, hex, mediaPacket, receive, type SentPacket } from '../packets.ts';
import {
  accessUnit,
  aggregate,
  fragments,
  lengthPrefixed,
  pps,
  recoveryPoint,
  type SliceFields,
  slice,
  sps,
} from './h264-encoder.ts';

const AUD = hex('09 30');
const FILLER = hex('0c ff ff 80');
const SETS = aggregate(sps(), pps());
const IDR = slice({ idr: true });

const key = (rtpTicks: number, sets: Uint8Array = SETS): SentPacket[] => accessUnit(rtpTicks, sets, IDR);
const inter = (rtpTicks: number, frameNum: number, fields: SliceFields = {}): SentPacket[] =>
  accessUnit(rtpTicks, slice({ frameNum, ...fields }));

function send(units: readonly SentPacket[][], lost: readonly number[] = [], options: H264Options = {}) {
  const depacketizer = new H264Depacketizer(options);
  const frames = framesOf(
    depacketizer,
    receive(units.flat(), (index) => lost.includes(index)),
  );
  return { frames, ticks: frames.map(({ rtpTicks }) => rtpTicks), statistics: depacketizer.statistics };
}

describe('h264 · depacketizer', () => {
  it('puts single NAL units, aggregates and fragments behind their lengths, without delimiters and filler', () => {
    const large = slice({ frameNum: 1, size: 2500 });
    const { frames, statistics } = send([
      accessUnit(0, aggregate(AUD, sps(), pps()), IDR),
      accessUnit(3000, aggregate(AUD, FILLER), ...fragments(large, 1000), FILLER),
    ]);
    expect(frames.map(bytesOf)).toEqual([lengthPrefixed(IDR), lengthPrefixed(large)]);
    expect(frames).toMatchObject([
      { run: 0, rtpTicks: 0, receivedMs: 2, keyFrame: true, lossBefore: 0, rotation: 0 },
      { run: 0, rtpTicks: 3000, receivedMs: 12, keyFrame: false, lossBefore: 0, rotation: 0 },
    ]);
    expect(statistics).toMatchObject({ framesEmitted: 2, framesIncomplete: 0, packetsMalformed: 0 });
  });

  it('says size, profile and configuration from the parameter sets', () => {
    const { frames } = send([key(0), inter(3000, 1)]);
    const [first, second] = frames.map(({ parameters }) => parameters);
    expect(first).toMatchObject({
      codec: 'h264',
      width: 320,
      height: 240,
      profile: 66,
      bitDepth: 8,
      chroma: '4:2:0',
    });
    expect(first?.codecPrivate?.slice(0, 6)).toEqual(hex('01 42 c0 1e ff e1'));
    expect(second).toBe(first);
  });

  it('does not copy what it was given', () => {
    const packets = receive(accessUnit(0, SETS, ...fragments(slice({ idr: true, size: 500 }), 200)));
    const [frame] = framesOf(new H264Depacketizer(), packets);
    const buffers = frame?.chunks.filter(({ length }) => length > 10).map(({ buffer }) => buffer);
    expect(buffers).toEqual(packets.slice(1).map(({ payload }) => payload.buffer));
    expect(buffers?.every((buffer, index) => buffer === packets[index + 1]?.payload.buffer)).toBe(true);
  });

  it('takes parameter sets from the SDP until the stream sends its own', () => {
    const sprop = [sps({ width: 640 }), pps()].map((set) => Buffer.from(set).toString('base64')).join(',');
    const options = { fmtp: new Map([['sprop-parameter-sets', sprop]]) };
    expect(send([accessUnit(0, IDR)], [], options).frames[0]?.parameters).toMatchObject({ width: 640 });
    expect(send([key(0)], [], options).frames[0]?.parameters).toMatchObject({ width: 320 });
    expect(send([accessUnit(0, IDR)]).statistics).toMatchObject({
      framesBeforeKeyFrame: 1,
      framesEmitted: 0,
    });
  });

  it('says how many frames lack the parameter sets that they name', () => {
    const depacketizer = new H264Depacketizer();
    const frames = framesOf(
      depacketizer,
      receive([...accessUnit(0, IDR), ...inter(3000, 1), ...inter(6000, 2)]),
    );
    expect(frames).toEqual([]);
    expect(depacketizer.framesWithoutParameterSets).toBe(3);
  });

  it('takes an aggregate that is padded with sizes of 0', () => {
    const padded = (zeros: number) => Uint8Array.from([...SETS, ...new Array<number>(zeros).fill(0)]);
    for (const zeros of [2, 3, 4]) {
      const { frames, statistics } = send([key(0, padded(zeros))]);
      expect(frames.map(bytesOf)).toEqual([lengthPrefixed(IDR)]);
      expect(statistics.packetsMalformed).toBe(0);
    }
  });

  it('takes nothing else in the SDP for a parameter set', () => {
    // A subset SPS (type 15) with the bytes of a PPS, whose id is that of the real one.
    const subset = Uint8Array.from([0x6f, ...pps({ flavour: 5 }).subarray(1)]);
    const sprop = [sps(), pps(), subset].map((set) => Buffer.from(set).toString('base64')).join(',');
    const { frames } = send([accessUnit(0, IDR)], [], { fmtp: new Map([['sprop-parameter-sets', sprop]]) });
    const configuration = send([key(0)]).frames[0]?.parameters.codecPrivate;
    expect(configuration).toBeInstanceOf(Uint8Array);
    expect(frames[0]?.parameters.codecPrivate).toEqual(configuration);
  });

  it('takes parameter sets that come with a timestamp of their own, and in fragments', () => {
    const { frames, statistics } = send([
      accessUnit(0, ...fragments(sps(), 4), pps()),
      accessUnit(3000, IDR),
    ]);
    expect(frames.map(({ rtpTicks }) => rtpTicks)).toEqual([3000]);
    expect(statistics.framesIncomplete).toBe(0);
  });

  it('gives out nothing before the first key frame', () => {
    const { ticks, statistics } = send([inter(0, 1), inter(3000, 2), key(6000), inter(9000, 1)]);
    expect(ticks).toEqual([6000, 9000]);
    expect(statistics).toMatchObject({ framesBeforeKeyFrame: 2 });
  });

  it.each([
    ['beginning', 2],
    ['middle', 3],
    ['end', 4],
  ])('waits for a key frame when the %s of a fragmented slice is lost', (_, lost) => {
    const cut = accessUnit(3000, ...fragments(slice({ frameNum: 1, size: 250 }), 100));
    const { ticks, statistics } = send([key(0), cut, inter(6000, 2), key(9000), inter(12_000, 1)], [lost]);
    expect(ticks).toEqual([0, 9000, 12_000]);
    expect(statistics).toMatchObject({ framesIncomplete: 1, framesUndecodable: 1 });
  });

  it.each([
    ['first', 2],
    ['second', 3],
    ['last', 4],
  ])('drops a picture that lacks its %s slice', (_, lost) => {
    const pieces = [0, 100, 200].map((firstMacroblock) => slice({ frameNum: 1, firstMacroblock }));
    const { ticks } = send([key(0), accessUnit(3000, ...pieces), inter(6000, 2), key(9000)], [lost]);
    expect(ticks).toEqual([0, 9000]);
  });

  it('knows by frame_num that only pictures without dependents, or padding, were lost', () => {
    const discardable = inter(6000, 2, { reference: false });
    const { ticks, frames } = send(
      [key(0), inter(3000, 1), discardable, inter(9000, 2), inter(12_000, 3)],
      [3],
    );
    expect(ticks).toEqual([0, 3000, 9000, 12_000]);
    expect(frames.map(({ lossBefore }) => lossBefore)).toEqual([0, 0, 1, 0]);
  });

  it('does not trust a frame_num that a lost IDR picture would have made the same', () => {
    const lone = accessUnit(3000, slice({ idr: true }));
    const sprop = [sps(), pps()].map((set) => Buffer.from(set).toString('base64')).join(',');
    const options = { fmtp: new Map([['sprop-parameter-sets', sprop]]) };
    expect(
      send([accessUnit(0, IDR), lone, inter(6000, 1), accessUnit(9000, IDR)], [1], options).ticks,
    ).toEqual([0, 9000]);
  });

  it('knows by frame_num that a reference picture was lost', () => {
    const { ticks, statistics } = send(
      [key(0), inter(3000, 1), inter(6000, 2), inter(9000, 3), key(12_000)],
      [3],
    );
    expect(ticks).toEqual([0, 3000, 12_000]);
    expect(statistics).toMatchObject({ framesIncomplete: 0, framesUndecodable: 1 });
  });

  it('does not trust a frame_num that may have wrapped in the loss', () => {
    const bits = { frameNumBits: 4 };
    const sets = aggregate(sps(bits), pps());
    const units = Array.from({ length: 18 }, (_, n) => inter(3000 * (n + 1), (n + 1) % 16, bits));
    const lost = Array.from({ length: 16 }, (_, n) => n + 2);
    const idr = accessUnit(0, sets, slice({ idr: true, ...bits }));
    expect(send([idr, ...units], lost).ticks).toEqual([0]);
    expect(send([idr, ...units]).ticks).toHaveLength(19);
  });

  it('goes on without a damaged picture that no other refers to', () => {
    const damaged = slice({ frameNum: 3, reference: false, size: 250 });
    const cut = accessUnit(9000, ...fragments(damaged, 100));
    for (const lost of [4, 5, 6]) {
      const units = [key(0), inter(3000, 1), inter(6000, 2), cut, inter(12_000, 3), inter(15_000, 4)];
      const { ticks, statistics } = send(units, [lost]);
      expect(ticks).toEqual([0, 3000, 6000, 12_000, 15_000]);
      expect(statistics).toMatchObject({ framesIncomplete: 1, framesUndecodable: 0 });
    }
  });

  it('misses a reference picture that was left out without a gap, unless the stream allows for that', () => {
    expect(send([key(0), inter(3000, 2), key(6000)]).ticks).toEqual([0, 6000]);
    const layered = aggregate(sps({ gapsAllowed: true }), pps());
    expect(send([key(0, layered), inter(3000, 2), key(6000, layered)]).ticks).toEqual([0, 3000, 6000]);
    expect(send([key(0, layered), inter(3000, 1), inter(6000, 2), key(9000, layered)], [2]).ticks).toEqual([
      0, 9000,
    ]);
  });

  it('bears an encoder that counts every picture, as long as nothing is lost', () => {
    const units = [
      key(0),
      inter(3000, 1),
      inter(6000, 2, { reference: false }),
      inter(9000, 3),
      inter(12_000, 4),
    ];
    expect(send(units).ticks).toEqual([0, 3000, 6000, 9000, 12_000]);
  });

  it('drops a picture that ends half way without a gap: in an open fragment, or in another picture of its time', () => {
    const [first, second] = accessUnit(3000, ...fragments(slice({ frameNum: 1, size: 250 }), 100));
    const cutFragment = [first, second].filter((packet) => packet !== undefined);
    expect(send([key(0), cutFragment, key(6000)]).ticks).toEqual([0, 6000]);

    const cutSlices = accessUnit(
      3000,
      slice({ frameNum: 1 }),
      slice({ frameNum: 1, firstMacroblock: 100 }),
    ).slice(0, 1);
    const sameTime = [...cutSlices, ...key(3000)];
    const { frames, statistics } = send([key(0), sameTime]);
    expect(frames.map(({ rtpTicks, keyFrame }) => [rtpTicks, keyFrame])).toEqual([
      [0, true],
      [3000, true],
    ]);
    expect(statistics.framesIncomplete).toBe(1);

    const openThenNext = accessUnit(
      3000,
      ...[first, second].map((packet) => packet?.payload ?? AUD),
      slice({ frameNum: 1 }),
    );
    expect(send([key(0), openThenNext, key(6000)]).ticks).toEqual([0, 6000]);
  });

  it('takes a picture without a marker as whole where the next one follows without a gap', () => {
    const bare = [key(0), inter(3000, 1), inter(6000, 2), inter(9000, 3)].map((unit) =>
      unit.map((packet) => ({ ...packet, marker: false })),
    );
    expect(send(bare).ticks).toEqual([0, 3000, 6000, 9000]);
    // The packet lost may have been the end of 3000.
    expect(send(bare, [3]).ticks).toEqual([0]);

    const [first = [], second = [], third = []] = bare;
    const { ticks, statistics } = send([first, inter(3000, 1), third]);
    expect([ticks, statistics.framesIncomplete]).toEqual([[0, 3000], 1]);
    expect(send([first, second, inter(6000, 2)]).ticks).toEqual([0, 3000, 6000]);
  });

  it('knows the end of a picture without a marker where only the clock jumped, and not at a new beginning', () => {
    const [first, second] = [key(0), key(9_000_000)].map((unit) =>
      receive(unit).map((packet) => ({ ...packet, marker: false })),
    );
    for (const [continues, expected] of [
      [{ continuesDecoding: true } as const, 2],
      [{}, 0],
    ] as const) {
      const later = second?.map((packet, index) => ({
        ...packet,
        run: 1,
        ...(index === 0 ? continues : {}),
      }));
      const frames = framesOf(new H264Depacketizer(), [...(first ?? []), ...(later ?? [])]);
      expect(frames).toHaveLength(expected);
    }
  });

  it('drops a picture of which the recording has not the first macroblock', () => {
    const rest = accessUnit(0, slice({ idr: true, firstMacroblock: 100 }));
    const { ticks, statistics } = send([accessUnit(-3000, SETS), rest, key(3000)]);
    expect(ticks).toEqual([3000]);
    expect(statistics.framesIncomplete).toBe(1);
  });

  it('drops a unit whose slices are not of one picture', () => {
    const mixed = accessUnit(3000, slice({ frameNum: 1 }), slice({ frameNum: 2, firstMacroblock: 100 }));
    expect(send([key(0), mixed, key(6000)]).ticks).toEqual([0, 6000]);
  });

  it('drops a key frame that may have lost the sets it was sent with', () => {
    const units = [key(0), inter(3000, 1), key(6000), inter(9000, 1), key(12_000)];
    expect(send(units, [3]).ticks).toEqual([0, 3000, 12_000]);
    const sprop = [sps(), pps()].map((set) => Buffer.from(set).toString('base64')).join(',');
    const bare = [accessUnit(0, IDR), inter(3000, 1), accessUnit(6000, IDR)];
    expect(send(bare, [1], { fmtp: new Map([['sprop-parameter-sets', sprop]]) }).ticks).toEqual([0, 6000]);
  });

  it('takes two pictures of one timestamp apart, and a timestamp that runs backwards as it comes', () => {
    const { ticks } = send([
      key(9000),
      inter(9000, 1),
      inter(6000, 2),
      inter(6000, 3),
      key(6000),
      inter(12_000, 1),
    ]);
    expect(ticks).toEqual([9000, 9000, 6000, 6000, 6000, 12_000]);
  });

  it('tells pictures that are shown before one that was decoded earlier, within a second', () => {
    const units = [
      key(0),
      inter(9000, 1),
      inter(3000, 2, { reference: false }),
      inter(6000, 2, { reference: false }),
      inter(120_000, 2),
      // A clock that was set back is no order of showing.
      inter(12_000, 3),
      inter(15_000, 4),
      key(6000),
    ];
    const { frames } = send(units);
    expect(frames.map(({ shownEarlier = false }) => shownEarlier)).toEqual([
      ...[false, false, true, true],
      ...[false, false, false, false],
    ]);
  });

  it('takes markers within a picture as they come', () => {
    const slices = [0, 100].map((firstMacroblock) => slice({ frameNum: 1, firstMacroblock }));
    const marked = accessUnit(3000, ...slices).map((packet) => ({ ...packet, marker: true }));
    expect(
      send([key(0), marked])
        .frames.map(bytesOf)
        .at(-1),
    ).toEqual(lengthPrefixed(...slices));
  });

  it('begins a new run with a key frame, and drops what was open before', () => {
    const cut = accessUnit(3000, ...fragments(slice({ frameNum: 1, size: 250 }), 100)).slice(0, 2);
    const restarted = [...inter(0, 1), ...key(3000)];
    const packets = [
      ...receive([...key(0), ...cut]),
      ...receive(restarted).map((packet) => ({ ...packet, run: 1 })),
    ];
    const depacketizer = new H264Depacketizer();
    expect(framesOf(depacketizer, packets).map(({ run, rtpTicks }) => [run, rtpTicks])).toEqual([
      [0, 0],
      [1, 3000],
    ]);
    expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesBeforeKeyFrame: 1 });
  });

  it('makes no key frame of an intra picture without an exact recovery point, or of one that is not all intra', () => {
    const intra = { frameNum: 5, intra: true };
    const point = recoveryPoint();
    expect(send([accessUnit(0, SETS, slice(intra))]).ticks).toEqual([]);
    expect(send([accessUnit(0, SETS, recoveryPoint({ exact: false }), slice(intra))]).ticks).toEqual([]);
    const mixed = accessUnit(0, SETS, point, slice(intra), slice({ frameNum: 5, firstMacroblock: 100 }));
    expect(send([mixed]).ticks).toEqual([]);
    // What is shown before the recovery point refers to what was not received.
    const after = [inter(9000, 6), inter(-3000, 7, { reference: false }), inter(12_000, 7)];
    const { frames } = send([accessUnit(0, SETS, point, slice(intra)), ...after]);
    expect(frames.map(({ rtpTicks, keyFrame }) => [rtpTicks, keyFrame])).toEqual([
      [0, true],
      [9000, false],
      [12_000, false],
    ]);
  });

  it('counts a payload that breaks the format, and its frame as incomplete', () => {
    const broken = accessUnit(3000, slice({ frameNum: 1 }), hex('79 0000 0002 0910'));
    const { ticks, statistics } = send([key(0), broken, inter(6000, 2)]);
    expect(ticks).toEqual([0]);
    expect(statistics).toMatchObject({ packetsMalformed: 1, framesIncomplete: 1, framesUndecodable: 1 });
  });

  it('counts a parameter set that cannot be read', () => {
    expect(send([accessUnit(0, hex('67 42'), SETS, IDR)]).statistics).toMatchObject({
      packetsMalformed: 1,
      framesEmitted: 1,
    });
  });

  it('lets go of a unit that grows beyond 65,536 packets or NAL units', () => {
    const grow = (payload: Uint8Array, count: number) => {
      const depacketizer = new H264Depacketizer();
      for (const packet of receive(key(0))) depacketizer.push({ ...packet, marker: false });
      for (let n = 0; n < count; n += 1) depacketizer.push(mediaPacket({ payload, marker: n === count - 1 }));
      depacketizer.flush();
      return { frame: depacketizer.pull(), incomplete: depacketizer.statistics.framesIncomplete };
    };
    const more = slice({ idr: true, firstMacroblock: 100 });
    expect(grow(more, 10)).toMatchObject({ incomplete: 0, frame: { keyFrame: true } });
    expect(grow(more, 65_536)).toEqual({ incomplete: 1, frame: undefined });
    expect(grow(aggregate(...new Array<Uint8Array>(1000).fill(hex('06'))), 70)).toEqual({
      incomplete: 1,
      frame: undefined,
    });
  });
});

describe('h264 · parameter sets in-band', () => {
  const SMALL = aggregate(sps({ width: 160 }), pps());
  const small = lengthPrefixed(sps({ width: 160 }), pps(), IDR);
  const large = lengthPrefixed(sps(), pps(), IDR);
  const bare = lengthPrefixed(IDR);

  it('stay out of the frames as long as they are those of the codec private data', () => {
    expect(send([key(0), key(3000), key(6000)]).frames.map(bytesOf)).toEqual([bare, bare, bare]);
  });

  it('go before every key frame once they have changed, also when they change back', () => {
    const { frames } = send([key(0), key(3000, SMALL), key(6000, SMALL), key(9000), key(12_000)]);
    expect(frames.map(bytesOf)).toEqual([bare, small, small, large, large]);
  });

  it('come with new parameters when the size changes, and with the same ones otherwise', () => {
    const flavoured = aggregate(sps(), pps({ flavour: 5 }));
    const { frames } = send([key(0), key(3000, flavoured), key(6000, SMALL), inter(9000, 1)]);
    const [first, same, changed, after] = frames.map(({ parameters }) => parameters);
    expect(same).toBe(first);
    expect(changed).toMatchObject({ width: 160, height: 240 });
    expect(changed?.codecPrivate).not.toEqual(first?.codecPrivate);
    expect(after).toBe(changed);
  });

  it('go before a frame that is no key frame when they come with it', () => {
    const other = pps({ id: 1, flavour: 7 });
    const using = slice({ frameNum: 1, pictureSet: 1 });
    const { frames } = send([key(0), accessUnit(3000, other, using), inter(6000, 2, { pictureSet: 1 })]);
    expect(frames[1] && bytesOf(frames[1])).toEqual(lengthPrefixed(sps(), pps(), other, using));
    expect(frames[2] && bytesOf(frames[2])).toEqual(lengthPrefixed(slice({ frameNum: 2, pictureSet: 1 })));
  });

  it('go before every key frame where that is asked for', () => {
    const { frames } = send([key(0), inter(3000, 1), key(6000)], [], { parameterSets: 'every-key-frame' });
    expect(frames.map(bytesOf)).toEqual([large, lengthPrefixed(slice({ frameNum: 1 })), large]);
  });

  it('stay within 4 KiB, so that small key frames cannot blow up the output', () => {
    const many = Array.from({ length: 200 }, (_, id) =>
      accessUnit(id, Uint8Array.from([...pps({ id }), ...new Uint8Array(1000)])),
    );
    const { frames, statistics } = send([...many, key(9000)], [], { parameterSets: 'every-key-frame' });
    expect(frames[0]?.byteLength).toBeLessThan(5 * 1024);
    expect(statistics.packetsMalformed).toBeGreaterThan(180);
  });
});
