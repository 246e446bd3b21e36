import { describe, expect, it } from 'vitest';
import { Vp8Depacketizer } from '../../../src/codecs/vp8/vp8-depacketizer.ts';
import { bytesOf, framesOf, hex, mediaPacket, receive } from '../packets.ts';
import { type EncodedFrame, type PacketizerOptions, packetizeVp8, vp8Frame } from './vp8-packetizer.ts';

const KEY: EncodedFrame = { bytes: vp8Frame(2500, { keyFrame: true }), keyFrame: true };
const INTER: EncodedFrame = { bytes: vp8Frame(300), keyFrame: false };
const LARGE_INTER: EncodedFrame = { bytes: vp8Frame(2500), keyFrame: false };
const base = (frame: EncodedFrame): EncodedFrame => ({ ...frame, temporalId: 0 });
const layer = (temporalId: number, layerSync = false): EncodedFrame => ({ ...INTER, temporalId, layerSync });

interface Run {
  /** Indices of the frames given out. */
  readonly emitted: readonly number[];
  readonly depacketizer: Vp8Depacketizer;
}

/** Sends the frames without the packets named as `frame.packet`, or whole frames as `frame`. */
function send(
  frames: readonly EncodedFrame[],
  lost: readonly string[] = [],
  options: Partial<PacketizerOptions> = {},
): Run {
  const sent = packetizeVp8(frames, options).flatMap((packets, frame) =>
    packets.map((packet, index) => ({ packet, names: [`${frame}`, `${frame}.${index}`] })),
  );
  const received = receive(
    sent.map(({ packet }) => packet),
    (index) => lost.some((name) => sent[index]?.names.includes(name)),
  );
  const depacketizer = new Vp8Depacketizer();
  const emitted = framesOf(depacketizer, received).map(({ rtpTicks }) => rtpTicks / 3000);
  return { emitted, depacketizer };
}

describe('vp8 · depacketizer', () => {
  it('puts the packets of a frame together and says what it is', () => {
    const packets = receive(packetizeVp8([KEY, INTER]).flat());
    const [key, inter] = framesOf(new Vp8Depacketizer(), packets);
    expect(key).toMatchObject({
      run: 0,
      rtpTicks: 0,
      receivedMs: 4,
      keyFrame: true,
      lossBefore: 0,
      rotation: 0,
    });
    expect(inter).toMatchObject({ run: 0, rtpTicks: 3000, receivedMs: 6, keyFrame: false, lossBefore: 0 });
    expect(key && bytesOf(key)).toEqual(KEY.bytes);
    expect(inter && bytesOf(inter)).toEqual(INTER.bytes);
    expect(key?.parameters).toEqual({
      codec: 'vp8',
      width: 320,
      height: 240,
      profile: 0,
      bitDepth: 8,
      chroma: '4:2:0',
    });
    expect(inter?.parameters).toBe(key?.parameters);
    expect(key?.chunks[0]?.buffer).toBe(packets[0]?.payload.buffer);
  });

  it('gives out a frame only once the packet after it came, or at the end', () => {
    const depacketizer = new Vp8Depacketizer();
    const [first, second] = receive(
      packetizeVp8([{ ...KEY, bytes: vp8Frame(100, { keyFrame: true }) }, INTER]).flat(),
    );
    if (first !== undefined) depacketizer.push(first);
    expect(depacketizer.pull()).toBeUndefined();
    if (second !== undefined) depacketizer.push(second);
    expect(depacketizer.pull()).toMatchObject({ keyFrame: true });
    expect(depacketizer.pull()).toBeUndefined();
    depacketizer.flush();
    expect(depacketizer.pull()).toMatchObject({ keyFrame: false });
  });

  it('gives out nothing before the first key frame', () => {
    const { emitted, depacketizer } = send([INTER, LARGE_INTER, KEY, INTER]);
    expect(emitted).toEqual([2, 3]);
    expect(depacketizer.statistics).toMatchObject({
      framesBeforeKeyFrame: 2,
      framesIncomplete: 0,
      framesEmitted: 2,
    });
  });

  it.each([
    ['beginning', '1.0'],
    ['middle', '1.1'],
    ['end', '1.2'],
    ['whole', '1'],
  ])('waits for a key frame when the %s of a frame is lost', (_, lost) => {
    const { emitted, depacketizer } = send([KEY, LARGE_INTER, INTER, INTER, KEY, INTER], [lost]);
    expect(emitted).toEqual([0, 4, 5]);
    expect(depacketizer.statistics).toMatchObject({
      framesUndecodable: 2,
      framesIncomplete: lost === '1' ? 0 : 1,
    });
  });

  it('waits for the next key frame when a piece of one is lost', () => {
    expect(send([KEY, INTER, KEY, INTER, KEY], ['2.1']).emitted).toEqual([0, 1, 4]);
  });

  it('goes on without a damaged frame that no other refers to', () => {
    const { emitted, depacketizer } = send([KEY, { ...LARGE_INTER, nonReference: true }, INTER], ['1.1']);
    expect(emitted).toEqual([0, 2]);
    expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesUndecodable: 0 });
  });

  it('drops a frame that ends half way without a gap, and one whose beginning was never sent', () => {
    // Witnessed from Chromium: abandoned without a marker directly before a key frame.
    const [key = [], cut = [], next = []] = packetizeVp8([KEY, LARGE_INTER, KEY]);
    const depacketizer = new Vp8Depacketizer();
    const frames = framesOf(depacketizer, receive([...key.slice(1), ...key, ...cut.slice(0, 2), ...next]));
    expect(frames.map(({ rtpTicks }) => rtpTicks)).toEqual([0, 6000]);
    expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 2, framesEmitted: 2 });
  });

  it('drops the last frame when the recording ends inside it', () => {
    expect(send([KEY, LARGE_INTER], ['1.2']).emitted).toEqual([0]);
  });

  it('drops a frame shorter than the partition its header announces', () => {
    const short = { ...INTER, bytes: vp8Frame(300).subarray(0, 299) };
    expect(send([KEY, short, INTER, KEY]).emitted).toEqual([0, 3]);
  });

  it.each([7, 15] as const)(
    'knows by a picture id of %d bits that only padding was lost between frames',
    (pictureIdBits) => {
      const sent = packetizeVp8([KEY, INTER, INTER, INTER], {
        pictureIdBits,
        firstPictureId: 2 ** pictureIdBits - 2,
      });
      const padding = { rtpTicks: 0, marker: false, payload: hex('00') };
      const [key = [], ...inters] = sent;
      const packets = receive(
        [...key, padding, padding, ...inters.flat()],
        (index) => index === 3 || index === 4,
      );
      const frames = framesOf(new Vp8Depacketizer(), packets);
      expect(frames.map(({ rtpTicks, lossBefore }) => [rtpTicks, lossBefore])).toEqual([
        [0, 0],
        [3000, 2],
        [6000, 0],
        [9000, 0],
      ]);
    },
  );

  it('without picture ids takes any loss between frames for a lost frame', () => {
    const [key = [], inter = []] = packetizeVp8([KEY, INTER], { pictureIdBits: 0 });
    const padding = { rtpTicks: 0, marker: false, payload: hex('00') };
    const frames = framesOf(
      new Vp8Depacketizer(),
      receive([...key, padding, ...inter], (index) => index === 3),
    );
    expect(frames.map(({ rtpTicks }) => rtpTicks)).toEqual([0]);
  });

  it('does not trust a picture id that may have wrapped in the loss', () => {
    const frames = [KEY, ...new Array<EncodedFrame>(128).fill(INTER), INTER];
    const lost = Array.from({ length: 128 }, (_, index) => `${index + 1}`);
    expect(send(frames, lost, { pictureIdBits: 7 }).emitted).toEqual([0]);
    expect(send(frames.slice(0, 3), ['1'], { pictureIdBits: 7 }).emitted).toEqual([0]);
  });

  it('keeps lower temporal layers when an upper one loses a frame, until Y joins it again', () => {
    const frames = [
      base(KEY), // 0
      { ...LARGE_INTER, temporalId: 1, layerSync: true }, // 1: damaged
      base(INTER), // 2: base layer only
      layer(1), // 3: refers to 1
      base(INTER), // 4
      layer(1, true), // 5: refers to 4
      base(INTER), // 6
      layer(1), // 7: refers to 5 and 6
    ];
    const { emitted, depacketizer } = send(frames, ['1.1']);
    expect(emitted).toEqual([0, 2, 4, 5, 6, 7]);
    expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesUndecodable: 1 });
  });

  it('knows by TL0PICIDX that only upper layers are missing', () => {
    const frames = [base(KEY), layer(1, true), base(INTER), layer(1), layer(2, true), base(INTER)];
    expect(send(frames, ['1']).emitted).toEqual([0, 2, 4, 5]);
  });

  it('knows by TL0PICIDX that a base layer frame is missing', () => {
    const frames = [base(KEY), layer(1, true), base(INTER), layer(1, true), base(INTER), base(KEY)];
    expect(send(frames, ['2']).emitted).toEqual([0, 1, 5]);
    expect(send(frames, ['1', '2']).emitted).toEqual([0, 5]);
  });

  it('keeps an upper layer broken for what refers to a frame that was dropped for another', () => {
    // T2 is dropped for want of T1; the next T2 may refer to it although T1 was joined again.
    const frames = [
      base(KEY),
      layer(1, true),
      layer(2),
      base(INTER),
      layer(1, true),
      layer(2),
      layer(2, true),
      layer(2),
    ];
    expect(send(frames, ['1']).emitted).toEqual([0, 3, 4, 6, 7]);
  });

  it('counts a payload without data as malformed and its frame as incomplete', () => {
    const [key = [], inter = [], next = []] = packetizeVp8([KEY, LARGE_INTER, INTER]);
    const broken = inter.map((packet, index) =>
      index === 1 ? { ...packet, payload: hex('80 80 f1') } : packet,
    );
    const depacketizer = new Vp8Depacketizer();
    expect(framesOf(depacketizer, receive([...key, ...broken, ...next]))).toHaveLength(1);
    expect(depacketizer.statistics).toMatchObject({
      packetsMalformed: 1,
      framesIncomplete: 1,
      framesUndecodable: 1,
    });
  });

  it('takes two frames of one timestamp apart, and a timestamp that runs backwards as it comes', () => {
    const ticks = [9000, 9000, 6000, 6000, 12_000];
    const frames = [KEY, INTER, INTER, LARGE_INTER, INTER].map((frame, index) => ({
      ...frame,
      rtpTicks: ticks[index] ?? 0,
    }));
    const emitted = framesOf(new Vp8Depacketizer(), receive(packetizeVp8(frames).flat()));
    expect(emitted.map(({ rtpTicks, byteLength }) => [rtpTicks, byteLength])).toEqual([
      [9000, 2500],
      [9000, 300],
      [6000, 300],
      [6000, 2500],
      [12_000, 300],
    ]);
  });

  it('begins a new run with a key frame, and drops what was open before', () => {
    const sent = packetizeVp8([KEY, LARGE_INTER]).flat().slice(0, 5);
    const restarted = packetizeVp8([INTER, KEY]).flat();
    const packets = [...receive(sent), ...receive(restarted).map((packet) => ({ ...packet, run: 1 }))];
    const depacketizer = new Vp8Depacketizer();
    const frames = framesOf(depacketizer, packets);
    expect(frames.map(({ run, rtpTicks }) => [run, rtpTicks])).toEqual([
      [0, 0],
      [1, 3000],
    ]);
    expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesBeforeKeyFrame: 1 });
  });

  it('makes new parameters when a key frame changes the size, and only then', () => {
    const small = { ...KEY, bytes: vp8Frame(500, { keyFrame: true, width: 160, height: 120 }) };
    const frames = framesOf(new Vp8Depacketizer(), receive(packetizeVp8([KEY, KEY, small, INTER]).flat()));
    const [first, same, changed, after] = frames.map(({ parameters }) => parameters);
    expect(same).toBe(first);
    expect(changed).toMatchObject({ width: 160, height: 120 });
    expect(after).toBe(changed);
  });

  it('carries the last orientation seen, from the frame whose packet has it', () => {
    const packets = receive(packetizeVp8([KEY, INTER, KEY, INTER]).flat());
    // The marker packets of both key frames.
    const turned = packets.map((packet, index) =>
      index === 2
        ? { ...packet, rotation: 90 as const }
        : index === 6
          ? { ...packet, rotation: 0 as const }
          : packet,
    );
    expect(framesOf(new Vp8Depacketizer(), turned).map(({ rotation }) => rotation)).toEqual([90, 90, 0, 0]);
  });

  it('sums up the loss since the frame given out before', () => {
    const sent = packetizeVp8([KEY, LARGE_INTER, LARGE_INTER, KEY]).flat();
    const frames = framesOf(
      new Vp8Depacketizer(),
      receive(sent, (index) => index === 3 || index === 5 || index === 7),
    );
    expect(frames.map(({ lossBefore }) => lossBefore)).toEqual([0, 3]);
  });

  it('lets go of a frame that grows beyond 65,536 packets', () => {
    const depacketizer = new Vp8Depacketizer();
    const [first, ...rest] = receive(packetizeVp8([KEY]).flat());
    if (first !== undefined) depacketizer.push(first);
    const more = mediaPacket({ payload: rest[0]?.payload ?? hex('00') });
    for (let count = 0; count < 65_536; count += 1) depacketizer.push(more);
    depacketizer.push({ ...more, marker: true });
    depacketizer.flush();
    expect(depacketizer.pull()).toBeUndefined();
    expect(depacketizer.statistics.framesIncomplete).toBe(1);
  });

  it('lets go of a frame that grows beyond 64 MiB', () => {
    const depacketizer = new Vp8Depacketizer();
    const [first] = receive(packetizeVp8([KEY]).flat());
    if (first !== undefined) depacketizer.push(first);
    const payload = new Uint8Array(60_000);
    for (let count = 0; count < 1200; count += 1)
      depacketizer.push(mediaPacket({ payload, marker: count === 1199 }));
    depacketizer.flush();
    expect(depacketizer.pull()).toBeUndefined();
    expect(depacketizer.statistics.framesIncomplete).toBe(1);
  });
});
