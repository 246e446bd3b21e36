import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodedFrame } from '../../../src/codecs/depacketizer.ts';
import { Vp9Depacketizer } from '../../../src/codecs/vp9/vp9-depacketizer.ts';
import type { MediaPacket } from '../../../src/order/media-packet.ts';
import { bytesOf, framesOf, mediaPacket, receive, type SentPacket } from '../packets.ts';
import {
  concat,
  framesIn,
  type InterFields,
  interHeader,
  intraOnlyHeader,
  keyHeader,
  octets,
  showExisting,
} from './frames.ts';
import { type Picture, packetize } from './sender.ts';

/** Behind a header: which frame it is, and an end that no superframe index has. */
function body(picture: number, layer = 0, length = 12): number[] {
  return [picture & 0xff, layer, ...Array.from({ length }, (_, index) => (picture * 7 + index) & 0x7f), 0];
}

function keyPicture(id: number, size = { width: 16, height: 16 }): Picture {
  return {
    id,
    rtpTicks: id * 3000,
    predicted: false,
    layerFrames: [{ data: concat(keyHeader(size), body(id)) }],
  };
}

/** Refers to slot 0, the frame before, and takes its place. */
function interPicture(id: number, fields: Partial<InterFields> = {}): Picture {
  const header = interHeader({ refresh: 1, slots: [0, 0, 0], ...fields });
  return {
    id,
    rtpTicks: id * 3000,
    predicted: true,
    layerFrames: [{ data: concat(header, body(id)) }],
  };
}

const SIZES = [16, 32, 64] as const;

/**
 * Three spatial layers as Chromium's L3T1_KEY has them: those of a key picture predict from the one below, later ones
 * from their own layer in the picture before.
 */
function svcPicture(id: number, key: boolean, layers: readonly number[] = [0, 1, 2]): Picture {
  const layerFrames = layers.map((layer) => {
    const size = { width: SIZES[layer] ?? 0, height: SIZES[layer] ?? 0 };
    const below = Math.max(0, layer - 1);
    const slots: [number, number, number] = key ? [below, below, below] : [layer, layer, layer];
    const header =
      key && layer === 0 ? keyHeader(size) : interHeader({ ...size, refresh: 1 << layer, slots });
    return {
      data: concat(header, body(id, layer)),
      layer,
      interLayer: key && layer > 0,
      references: key ? [] : [1],
    };
  });
  return { id, rtpTicks: id * 3000, predicted: !key, layerFrames };
}

function send(pictures: readonly Picture[], mtu = 8): SentPacket[] {
  return pictures.flatMap((picture) => packetize(picture, mtu));
}

/** What comes out when the pictures' packets go in, without those that `isLost` names by picture and place. */
function depacketize(
  pictures: readonly Picture[],
  isLost: (id: number, place: number, layer: number) => boolean = () => false,
) {
  const depacketizer = new Vp9Depacketizer();
  const lost = new Set<number>();
  const packets: SentPacket[] = [];
  for (const picture of pictures) {
    for (const [place, packet] of packetize(picture, 8).entries()) {
      const layered = ((packet.payload[0] ?? 0) & 0x20) !== 0;
      if (isLost(picture.id, place, layered ? (packet.payload[3] ?? 0) >> 1 : 0)) lost.add(packets.length);
      packets.push(packet);
    }
  }
  const frames = framesOf(
    depacketizer,
    receive(packets, (index) => lost.has(index)),
  );
  return { frames, ids: frames.map((frame) => frame.rtpTicks / 3000), depacketizer };
}

const isShown = (frame: Uint8Array) => ((frame[0] ?? 0) & 0x02) !== 0;

function framesOfPicture(frame: CodedFrame | undefined): Uint8Array[] {
  return frame === undefined ? [] : framesIn(bytesOf(frame));
}

/** Picture and layer, from the body behind the header of the test's frames. */
function labelOf(frame: Uint8Array): string {
  const key = (frame[0] ?? 0) >> 2 === 0b100000;
  const label = frame.subarray(frame.length - 15, frame.length - 13);
  return `${key ? 'key' : 'inter'} ${label[0]}/${label[1]}`;
}

describe('vp9 depacketizer', () => {
  describe('one layer', () => {
    it('gives frames back as they were sent, with size, time and key frame from the stream', () => {
      const pictures = [
        keyPicture(1, { width: 320, height: 180 }),
        interPicture(2, { width: 320, height: 180 }),
      ];
      const { frames, depacketizer } = depacketize(pictures);
      expect(frames.map(bytesOf)).toEqual(pictures.map((picture) => picture.layerFrames[0]?.data));
      expect(
        frames.map(({ keyFrame, rtpTicks, lossBefore }) => ({ keyFrame, rtpTicks, lossBefore })),
      ).toEqual([
        { keyFrame: true, rtpTicks: 3000, lossBefore: 0 },
        { keyFrame: false, rtpTicks: 6000, lossBefore: 0 },
      ]);
      expect(depacketizer.parameters).toEqual({
        codec: 'vp9',
        width: 320,
        height: 180,
        profile: 0,
        bitDepth: 8,
        chroma: '4:2:0',
      });
      expect(frames[0]?.parameters).toBe(frames[1]?.parameters);
    });

    it('takes receive time and orientation of the last packet seen', () => {
      const depacketizer = new Vp9Depacketizer();
      const packets = receive(send([keyPicture(1), interPicture(2), interPicture(3)]));
      const turned = packets.map((packet, index) =>
        index === packets.length - 1 ? { ...packet, rotation: 90 as const } : packet,
      );
      const frames = framesOf(depacketizer, turned);
      expect(frames.map((frame) => frame.rotation)).toEqual([0, 0, 90]);
      const lastOf = (ticks: number) => turned.findLast((packet) => packet.rtpTicks === ticks)?.receivedMs;
      expect(frames.map((frame) => frame.receivedMs)).toEqual([3000, 6000, 9000].map(lastOf));
    });

    it('gives a new parameters object when the size changes, and only then', () => {
      const large = { width: 64, height: 48 };
      const pictures = [keyPicture(1), interPicture(2), keyPicture(3, large), interPicture(4, large)];
      const { frames } = depacketize(pictures);
      const parameters = frames.map((frame) => frame.parameters);
      expect(parameters[1]).toBe(parameters[0]);
      expect(parameters[2]).toMatchObject(large);
      expect(parameters[3]).toBe(parameters[2]);
    });

    it('takes the size of an inter frame from the slot it names', () => {
      const pictures = [keyPicture(1, { width: 48, height: 32 }), interPicture(2, { sizeFrom: 1 })];
      expect(depacketize(pictures).frames[1]?.parameters).toMatchObject({ width: 48, height: 32 });
    });

    it('begins with the first key frame and counts what was before', () => {
      const { ids, depacketizer } = depacketize([
        interPicture(1),
        interPicture(2),
        keyPicture(3),
        interPicture(4),
      ]);
      expect(ids).toEqual([3, 4]);
      expect(depacketizer.statistics).toMatchObject({ framesBeforeKeyFrame: 2, framesEmitted: 2 });
    });

    it('begins after a frame that the recording caught half way', () => {
      const packets = send([keyPicture(1), keyPicture(2)]).slice(1);
      const depacketizer = new Vp9Depacketizer();
      expect(framesOf(depacketizer, receive(packets)).map((frame) => frame.rtpTicks)).toEqual([6000]);
      expect(depacketizer.statistics.framesIncomplete).toBe(1);
    });

    it.each([
      ['its first packet', 0],
      ['a packet in its middle', 2],
      ['its last packet', 3],
    ])('drops a frame without %s, and what depends on it', (_name, place) => {
      const pictures = [1, 2, 3, 4, 5].map((id) =>
        id === 1 || id === 5 ? keyPicture(id) : interPicture(id),
      );
      expect(packetize(interPicture(3), 8)).toHaveLength(4);
      const { ids, frames, depacketizer } = depacketize(pictures, (id, at) => id === 3 && at === place);
      expect(ids).toEqual([1, 2, 5]);
      expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesUndecodable: 1 });
      expect(frames.map((frame) => frame.lossBefore)).toEqual([0, 0, 1]);
    });

    it('drops what depends on a frame lost altogether', () => {
      const pictures = [keyPicture(1), interPicture(2), interPicture(3), interPicture(4), keyPicture(5)];
      const { ids, depacketizer } = depacketize(pictures, (id) => id === 2);
      expect(ids).toEqual([1, 5]);
      expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 0, framesUndecodable: 2 });
    });

    it('drops a frame that ends half way without a gap, directly before a key frame', () => {
      const packets = [
        ...send([keyPicture(1), interPicture(2)]),
        ...packetize(interPicture(3), 8).slice(0, 2),
        ...send([keyPicture(4), interPicture(5)]),
      ];
      const depacketizer = new Vp9Depacketizer();
      const frames = framesOf(depacketizer, receive(packets));
      expect(frames.map((frame) => frame.rtpTicks / 3000)).toEqual([1, 2, 4, 5]);
      expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesUndecodable: 0 });
    });

    it('goes on after a frame that nothing refers to is broken', () => {
      const pictures = [keyPicture(1), interPicture(2, { refresh: 0 }), interPicture(3)];
      expect(depacketize(pictures, (id, place) => id === 2 && place > 1).ids).toEqual([1, 3]);
    });

    it('does not go on after that where entropy contexts run from frame to frame', () => {
      const adaptive = { errorResilient: false };
      const pictures = [
        keyPicture(1),
        interPicture(2, { refresh: 0, ...adaptive }),
        interPicture(3, adaptive),
      ];
      expect(depacketize(pictures).ids).toEqual([1, 2, 3]);
      expect(depacketize(pictures, (id, place) => id === 2 && place > 1).ids).toEqual([1]);
    });

    it('stops where a broken frame may have been a superframe: the other frames in it are not known', () => {
      const hidden = interPicture(2, { refresh: 0, shown: false });
      expect(
        depacketize([keyPicture(1), hidden, interPicture(3)], (id, place) => id === 2 && place > 1).ids,
      ).toEqual([1]);
    });

    it('knows by the picture ids that a gap between two frames took no frame', () => {
      const packets = receive(send([keyPicture(1), interPicture(2)]));
      const gap = packets.map((packet) => (packet.rtpTicks === 6000 ? { ...packet, lossBefore: 0 } : packet));
      const first = gap.findIndex((packet) => packet.rtpTicks === 6000);
      gap[first] = { ...packetAt(gap, first), lossBefore: 3 };
      const frames = framesOf(new Vp9Depacketizer(), gap);
      expect(frames.map((frame) => [frame.rtpTicks, frame.lossBefore])).toEqual([
        [3000, 0],
        [6000, 3],
      ]);
    });

    it('goes on after a lost frame that the picture group says nobody refers to', () => {
      // Two temporal layers: T0 two back, T1 one back (invented).
      const structure = octets(`
        08              no sizes, G
        02              N_G 2
        04 02           TID 0, R 1, P_DIFF 2
        34 01           TID 1, U, R 1, P_DIFF 1`);
      const withGroup = (picture: Picture): Picture => ({
        ...picture,
        layerFrames: picture.layerFrames.map((frame) => ({ ...frame, layer: 0, structure: [...structure] })),
      });
      const layered = (picture: Picture): Picture => ({
        ...picture,
        layerFrames: picture.layerFrames.map((frame) => ({ ...frame, layer: 0 })),
      });
      const pictures = [
        withGroup(keyPicture(10)),
        layered(interPicture(11, { refresh: 0 })),
        layered(interPicture(12)),
        layered(interPicture(13, { refresh: 0 })),
        layered(interPicture(14)),
      ];
      expect(depacketize(pictures, (id) => id === 11).ids).toEqual([10, 12, 13, 14]);
      expect(depacketize(pictures, (id) => id === 12).ids).toEqual([10, 11]);
    });

    it('passes a superframe with a hidden frame through unchanged', () => {
      const hidden = concat(interHeader({ refresh: 2, slots: [0, 0, 0], shown: false }), body(2, 1));
      const shown = concat(interHeader({ refresh: 1, slots: [1, 1, 1] }), body(2));
      const data = concat(hidden, shown, [0xc1, hidden.length, shown.length, 0xc1]);
      const picture: Picture = { id: 2, rtpTicks: 6000, predicted: true, layerFrames: [{ data }] };
      const { frames } = depacketize([keyPicture(1), picture]);
      expect(frames[1] && bytesOf(frames[1])).toEqual(data);
    });

    it('lets a frame show an intact one again, and no stale one', () => {
      const repeat = (id: number): Picture => ({
        id,
        rtpTicks: id * 3000,
        predicted: true,
        layerFrames: [{ data: showExisting(0) }],
      });
      const pictures = [keyPicture(1), interPicture(2), repeat(3), repeat(4)];
      expect(depacketize(pictures).ids).toEqual([1, 2, 3, 4]);
      expect(depacketize(pictures, (id, place) => id === 2 && place === 2).ids).toEqual([1]);
    });

    it('follows picture ids through their wrap-around', () => {
      const pictures = [keyPicture(0x7ffe), interPicture(0x7fff), interPicture(0x8000), interPicture(0x8001)];
      const packets = receive(send(pictures));
      const first = packets.findIndex((packet) => packet.rtpTicks === 0x8000 * 3000);
      packets[first] = { ...packetAt(packets, first), lossBefore: 1 };
      expect(framesOf(new Vp9Depacketizer(), packets)).toHaveLength(4);
    });

    it('starts a new run with a key frame and drops what was half there', () => {
      const before = receive([...send([keyPicture(1)]), ...packetize(interPicture(2), 8).slice(0, 2)]);
      const after = receive(send([interPicture(3), keyPicture(4), interPicture(5)]));
      const packets = [...before, ...after.map((packet) => ({ ...packet, run: 1 }))];
      const depacketizer = new Vp9Depacketizer();
      const frames = framesOf(depacketizer, packets);
      expect(frames.map((frame) => [frame.run, frame.rtpTicks / 3000])).toEqual([
        [0, 1],
        [1, 4],
        [1, 5],
      ]);
      expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesBeforeKeyFrame: 1 });
    });

    it('counts payloads that break the format, and drops their frame', () => {
      const packets = receive(send([keyPicture(1), interPicture(2), keyPicture(3)]));
      const broken = packets.findIndex((packet) => packet.rtpTicks === 6000) + 1;
      packets[broken] = { ...packetAt(packets, broken), payload: Uint8Array.of(0x80) };
      const depacketizer = new Vp9Depacketizer();
      expect(framesOf(depacketizer, packets).map((frame) => frame.rtpTicks / 3000)).toEqual([1, 3]);
      expect(depacketizer.statistics).toMatchObject({ packetsMalformed: 1, framesIncomplete: 1 });
    });

    it('begins with no intra-only frame because of a key frame that was not given out', () => {
      const key = concat(keyHeader(), body(1));
      const data = concat(key, [0x01], [0xc9, key.length, 0, 1, 0, 0xc9]);
      const broken = { id: 1, rtpTicks: 3000, predicted: false, layerFrames: [{ data }] };
      const intra = concat(intraOnlyHeader(1), body(2));
      const hidden = { id: 2, rtpTicks: 6000, predicted: false, layerFrames: [{ data: intra }] };
      const { ids, depacketizer } = depacketize([
        broken,
        hidden,
        keyPicture(3),
        { ...hidden, id: 4, rtpTicks: 12_000 },
      ]);
      expect(ids).toEqual([3, 4]);
      expect(depacketizer.statistics.framesBeforeKeyFrame).toBe(2);
    });

    it('drops a frame that is larger than any real one, and does not keep it', () => {
      const packet = packetAt(receive(send([interPicture(2)])), 1);
      const payload = new Uint8Array(60_000);
      payload.set([0x80, 0x80, 0x02]);
      const endless = Array.from({ length: 1200 }, () => ({ ...packet, payload }));
      const start = receive(send([keyPicture(1)]));
      const [head] = receive(packetize(interPicture(2), 8));
      const rest = receive(send([interPicture(3), keyPicture(4)]));
      const depacketizer = new Vp9Depacketizer();
      const packets = [...start, ...(head === undefined ? [] : [head]), ...endless, ...rest];
      expect(framesOf(depacketizer, packets).map((frame) => frame.rtpTicks / 3000)).toEqual([1, 4]);
      expect(depacketizer.statistics.framesIncomplete).toBe(1);
    });
  });

  describe('spatial layers', () => {
    it('makes one superframe of a picture in which the top layer alone is shown', () => {
      const { frames } = depacketize([svcPicture(1, true), svcPicture(2, false)]);
      for (const frame of frames) {
        const layers = framesOfPicture(frame);
        expect(layers.map(isShown)).toEqual([false, false, true]);
        expect(frame.parameters).toMatchObject({ width: 64, height: 64 });
      }
      expect(framesOfPicture(frames[1]).map(labelOf)).toEqual(['inter 2/0', 'inter 2/1', 'inter 2/2']);
      expect(frames.map((frame) => frame.keyFrame)).toEqual([true, false]);
      expect(frames[0]?.parameters).toBe(frames[1]?.parameters);
    });

    it('keeps a picture of which the sender shows no layer: later ones may build on it', () => {
      const hidden = (id: number): Picture => ({
        id,
        rtpTicks: id * 3000,
        predicted: false,
        layerFrames: [0, 1].map((layer) => ({
          data: concat(
            layer === 0
              ? keyHeader({ shown: false })
              : interHeader({ refresh: 2, slots: [0, 0, 0], shown: false }),
            body(id, layer),
          ),
          layer,
          interLayer: layer === 1,
          references: [],
        })),
      });
      const { frames } = depacketize([hidden(1), interPicture(2)]);
      expect(framesOfPicture(frames[0]).map(labelOf)).toEqual(['key 1/0', 'inter 1/1']);
      expect(frames.map((frame) => framesOfPicture(frame).map(isShown))).toEqual([[false, false], [true]]);
    });

    it('takes nothing for decoded that is left out because a superframe does not hold it', () => {
      const nine = [svcPicture(1, true), svcPicture(2, false), svcPicture(3, false)];
      const crowded = nine.map((picture) => ({ ...picture, rtpTicks: 3000 }));
      const rest = [svcPicture(4, false), svcPicture(5, true), svcPicture(6, false)];
      const { ids, depacketizer } = depacketize([...crowded, ...rest]);
      expect(ids).toEqual([5, 6]);
      expect(depacketizer.statistics).toMatchObject({ framesBeforeKeyFrame: 2, framesEmitted: 2 });
    });

    it('shows a picture that comes without its top layer and without a marker at the size it has', () => {
      const packets = send([svcPicture(1, true), svcPicture(2, false)]);
      const short = packetize(svcPicture(3, false, [0, 1]), 8).map((packet) => ({
        ...packet,
        marker: false,
      }));
      const { frames } = framesAndStatistics(
        receive([...packets, ...short, ...send([svcPicture(4, false, [0, 1])])]),
      );
      expect(frames.map((frame) => frame.parameters)).toMatchObject([
        { width: 64 },
        { width: 64 },
        { width: 32 },
        { width: 32 },
      ]);
      expect(framesOfPicture(frames[2]).map(isShown)).toEqual([false, true]);
    });

    it('shows the layers below until the next key picture after the top one lost a packet', () => {
      const pictures = [1, 2, 3, 4, 5, 6].map((id) => svcPicture(id, id === 1 || id === 5));
      const { frames } = depacketize(pictures, (id, place, layer) => id === 3 && layer === 2 && place > 9);
      expect(frames.map((frame) => frame.parameters)).toMatchObject(
        [64, 64, 32, 32, 64, 64].map((width) => ({ width })),
      );
      expect(framesOfPicture(frames[3]).map(labelOf)).toEqual(['inter 4/0', 'inter 4/1']);
    });

    it('goes on with the top layer where only a lower one is missing that it does not predict from', () => {
      const pictures = [1, 2, 3, 4].map((id) => svcPicture(id, id === 1));
      const { frames } = depacketize(pictures, (id, _place, layer) => id === 3 && layer === 0);
      expect(frames.map((frame) => frame.parameters)).toMatchObject(
        [64, 64, 64, 64].map((width) => ({ width })),
      );
      expect(framesOfPicture(frames[2]).map(labelOf)).toEqual(['inter 3/1', 'inter 3/2']);
      expect(framesOfPicture(frames[3]).map(labelOf)).toEqual(['inter 4/1', 'inter 4/2']);
    });

    it('uses no layer above one that is missing in a key picture', () => {
      const pictures = [1, 2, 3].map((id) => svcPicture(id, id === 1));
      const { frames } = depacketize(pictures, (id, _place, layer) => id === 1 && layer === 1);
      expect(frames.map((frame) => framesOfPicture(frame).map(labelOf))).toEqual([
        ['key 1/0'],
        ['inter 2/0'],
        ['inter 3/0'],
      ]);
      expect(frames.map((frame) => framesOfPicture(frame).map(isShown))).toEqual([[true], [true], [true]]);
    });

    it('drops everything until the next key picture after one without its lowest layer', () => {
      const pictures = [1, 2, 3, 4, 5].map((id) => svcPicture(id, id === 1 || id === 3 || id === 5));
      const { ids, depacketizer } = depacketize(pictures, (id, _place, layer) => id === 3 && layer === 0);
      expect(ids).toEqual([1, 2, 5]);
      expect(depacketizer.statistics.framesUndecodable).toBe(2);
    });

    it('does not hide a layer whose motion vectors the next one of its size goes on from', () => {
      const same = (id: number, errorResilient: boolean): Picture => {
        const layers = [
          interHeader({ refresh: 1, slots: [0, 0, 0] }),
          interHeader({ refresh: 2, slots: [0, 0, 0], errorResilient }),
        ];
        const layerFrames = layers.map((header, layer) => ({
          data: concat(header, body(id, layer)),
          layer,
          interLayer: layer === 1,
          references: layer === 0 ? [1] : [],
        }));
        return { id, rtpTicks: id * 3000, predicted: true, layerFrames };
      };
      const { frames } = depacketize([svcPicture(1, true, [0]), same(2, true), same(3, false)]);
      expect(framesOfPicture(frames[1]).map(isShown)).toEqual([false, true]);
      expect(framesOfPicture(frames[2]).map(isShown)).toEqual([true, true]);
    });
  });

  describe('properties', () => {
    const loss = fc.infiniteStream(fc.integer({ min: 0, max: 99 }));

    it('gives back exactly what a packetizer split, whatever the packet size', () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });
      fc.assert(
        fc.property(sizes, fc.integer({ min: 1, max: 100 }), (lengths, mtu) => {
          const pictures = lengths.map((length, index): Picture => {
            const header = index === 0 ? keyHeader() : interHeader({ refresh: 1, slots: [0, 0, 0] });
            const data = concat(header, body(index, 0, length));
            return { id: index, rtpTicks: index * 3000, predicted: index > 0, layerFrames: [{ data }] };
          });
          const frames = framesOf(new Vp9Depacketizer(), receive(send(pictures, mtu)));
          expect(frames.map(bytesOf)).toEqual(pictures.map((picture) => picture.layerFrames[0]?.data));
        }),
      );
    });

    it('never gives out a frame with a hole, nor one whose reference is missing', () => {
      fc.assert(
        fc.property(loss, fc.integer({ min: 1, max: 30 }), fc.boolean(), (stream, percent, resilient) => {
          const pictures = Array.from({ length: 40 }, (_, id) =>
            id % 10 === 0 ? keyPicture(id) : interPicture(id, { errorResilient: resilient }),
          );
          const { frames, depacketizer } = depacketize(pictures, () => stream.next().value < percent);
          const shown = new Set<number>();
          for (const frame of frames) {
            const id = frame.rtpTicks / 3000;
            expect(bytesOf(frame)).toEqual(pictures[id]?.layerFrames[0]?.data);
            expect(id % 10 === 0 || shown.has(id - 1)).toBe(true);
            shown.add(id);
          }
          expect(depacketizer.statistics.framesEmitted).toBe(frames.length);
        }),
      );
    });

    it('shows one frame per picture at the highest layer that decodes, whatever is lost', () => {
      fc.assert(
        fc.property(loss, fc.integer({ min: 0, max: 20 }), (stream, percent) => {
          const pictures = Array.from({ length: 30 }, (_, id) => svcPicture(id, id % 10 === 0));
          const lost = new Set<string>();
          const { frames } = depacketize(pictures, (id, _place, layer) => {
            const gone = stream.next().value < percent;
            if (gone) lost.add(`${id}/${layer}`);
            return gone;
          });
          const decodable = decodableLayers(30, lost);
          const seen = frames.map((frame) => {
            const layers = framesOfPicture(frame);
            expect(layers.map(isShown)).toEqual(layers.map((_, index) => index === layers.length - 1));
            return layers.map((layer) => labelOf(layer).split(' ')[1]);
          });
          expect(seen).toEqual(decodable);
        }),
      );
    });

    it('never throws on any payload, and counts every picture once', () => {
      const packet = fc.record({
        payload: fc.uint8Array({ minLength: 1, maxLength: 60 }),
        rtpTicks: fc.integer({ min: 0, max: 5 }),
        marker: fc.boolean(),
        lossBefore: fc.integer({ min: 0, max: 2 }),
        run: fc.integer({ min: 0, max: 1 }),
      });
      const header = fc.constantFrom(
        keyHeader(),
        interHeader({ refresh: 3, slots: [0, 1, 2] }),
        interHeader({ refresh: 128, slots: [7, 1, 2], sizeFrom: 0, errorResilient: false }),
        showExisting(2),
      );
      const plausible = fc
        .tuple(packet, fc.integer({ min: 0, max: 255 }), header)
        .map(([fields, flags, data]) => ({
          ...fields,
          payload: concat([flags, 1, 2, 3], data, fields.payload),
        }));
      fc.assert(
        fc.property(fc.array(fc.oneof(packet, plausible), { maxLength: 60 }), (fields) => {
          const depacketizer = new Vp9Depacketizer();
          const frames = framesOf(depacketizer, fields.map(mediaPacket));
          const pictures = fields.filter(
            (one, index) =>
              one.rtpTicks !== fields[index - 1]?.rtpTicks || one.run !== fields[index - 1]?.run,
          );
          const { statistics } = depacketizer;
          expect(frames).toHaveLength(statistics.framesEmitted);
          expect(
            statistics.framesEmitted +
              statistics.framesIncomplete +
              statistics.framesUndecodable +
              statistics.framesBeforeKeyFrame,
          ).toBe(pictures.length);
          for (const frame of frames) expect(bytesOf(frame)).toHaveLength(frame.byteLength);
        }),
        { numRuns: 1000 },
      );
    });
  });
});

/** Which layers of which pictures decode, by the references that `svcPicture` writes. */
function decodableLayers(count: number, lost: ReadonlySet<string>): string[][] {
  const pictures: string[][] = [];
  let before = new Set<number>();
  for (let id = 0; id < count; id += 1) {
    const now = new Set<number>();
    for (const layer of [0, 1, 2]) {
      const key = id % 10 === 0;
      const source = key ? layer === 0 || now.has(layer - 1) : before.has(layer);
      if (source && !lost.has(`${id}/${layer}`)) now.add(layer);
    }
    if (now.size > 0) pictures.push([...now].map((layer) => `${id}/${layer}`));
    before = now;
  }
  return pictures;
}

function framesAndStatistics(packets: readonly MediaPacket[]) {
  const depacketizer = new Vp9Depacketizer();
  return { frames: framesOf(depacketizer, packets), statistics: depacketizer.statistics };
}

function packetAt(packets: readonly MediaPacket[], index: number): MediaPacket {
  const packet = packets[index];
  if (packet === undefined) throw new Error(`no packet ${index}`);
  return packet;
}
