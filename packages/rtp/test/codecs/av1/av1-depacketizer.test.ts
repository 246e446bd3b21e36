import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Av1Depacketizer } from '../../../src/codecs/av1/av1-depacketizer.ts';
import type { MediaPacket } from '../../../src/order/media-packet.ts';
import { bytesOf, framesOf, hex, mediaPacket, receive, type SentPacket } from '../packets.ts';
import { interFrame, keyFrame, packetize, SEQUENCE, type SentObu, sized } from './units.ts';

const OPTIONS = { room: 5, counted: true };

const keyUnit = [SEQUENCE, keyFrame()];

/** One temporal unit each, 100 ticks apart. */
function send(units: readonly (readonly SentObu[])[], options = OPTIONS): SentPacket[][] {
  return units.map((obus, index) => packetize(obus, index * 100, options));
}

function run(packets: readonly MediaPacket[]) {
  const depacketizer = new Av1Depacketizer();
  const frames = framesOf(depacketizer, packets);
  return { frames, units: frames.map((frame) => frame.rtpTicks / 100), depacketizer };
}

/** Sends the units, loses the packets named by unit and place. */
function depacketize(
  units: readonly (readonly SentObu[])[],
  isLost: (unit: number, place: number) => boolean,
) {
  const sent = send(units);
  const places = sent.flatMap((packets, unit) => packets.map((_, place) => [unit, place] as const));
  return run(
    receive(sent.flat(), (index) => {
      const [unit, place] = places[index] ?? [0, 0];
      return isLost(unit, place);
    }),
  );
}

const nothing = () => false;
const asFile = (obus: readonly SentObu[]) => Uint8Array.from(obus.flatMap(sized));

describe('av1 depacketizer', () => {
  it('gives temporal units with size fields, key frames and parameters', () => {
    const units = [keyUnit, [interFrame()], [interFrame([7])]];
    const { frames, depacketizer } = depacketize(units, nothing);
    expect(frames.map(bytesOf)).toEqual(units.map(asFile));
    expect(frames.map((frame) => frame.keyFrame)).toEqual([true, false, false]);
    expect(frames[0]?.parameters).toEqual({
      codec: 'av1',
      width: 480,
      height: 270,
      profile: 0,
      bitDepth: 8,
      chroma: '4:2:0',
      codecPrivate: hex('81 00 0c 00 0a 0a 00 00 00 04 47 7e 1a 00 d0 04'),
    });
    expect(frames[2]?.parameters).toBe(frames[0]?.parameters);
    expect(depacketizer.parameters).toBe(frames[0]?.parameters);
  });

  it('leaves out delimiters, tile lists, padding and reserved OBUs, and keeps metadata', () => {
    const filler = [2, 8, 15, 9].map((type) => ({ type, payload: [1] }));
    const metadata = { type: 5, payload: [4, 0x80] };
    const { frames } = depacketize([[...filler, SEQUENCE, metadata, keyFrame(), ...filler]], nothing);
    expect(frames.map(bytesOf)).toEqual([asFile([SEQUENCE, metadata, keyFrame()])]);
  });

  it.each([
    ['with a size of 0', [0x08, 11, 0x08, ...SEQUENCE.payload, 4, 0x30, 0x10, 1, 2, 0]],
    ['as the last of W', [0x38, 11, 0x08, ...SEQUENCE.payload, 4, 0x30, 0x10, 1, 2]],
  ])('passes over an element of no bytes at the end of a packet, %s', (_, payload) => {
    const packet = { rtpTicks: 0, marker: true, payload: Uint8Array.from(payload) };
    expect(run(receive([packet])).frames.map(bytesOf)).toEqual([asFile([SEQUENCE, keyFrame([1, 2])])]);
  });

  it('puts the last sequence header before a key frame that comes without one', () => {
    const { frames } = depacketize([keyUnit, [interFrame()], [keyFrame([9])]], nothing);
    expect(frames[2] && bytesOf(frames[2])).toEqual(asFile([SEQUENCE, keyFrame([9])]));
    expect(frames.map((frame) => frame.keyFrame)).toEqual([true, false, true]);
  });

  it('takes no frame for decodable whose sequence header comes behind it', () => {
    const { frames, depacketizer } = depacketize([[keyFrame(), SEQUENCE], keyUnit], nothing);
    expect(frames.map(bytesOf)).toEqual([asFile(keyUnit)]);
    expect(depacketizer.statistics.framesIncomplete).toBe(1);
  });

  it('gives a new parameters object with another sequence header, and only then', () => {
    // The last bytes of the size fields differ: 480 × 270 becomes 476 × 270.
    const smaller = { type: 1, payload: [0x00, 0x00, 0x00, 0x04, 0x47, 0x6e, 0x1a, 0x00, 0xd0, 0x04] };
    const units = [keyUnit, keyUnit, [smaller, keyFrame()], [interFrame()]];
    const parameters = depacketize(units, nothing).frames.map((frame) => frame.parameters);
    expect(parameters[1]).toBe(parameters[0]);
    expect(parameters[2]).toMatchObject({ codec: 'av1', width: 476, height: 270 });
    expect(parameters[3]).toBe(parameters[2]);
  });

  it('begins with the first key frame that has a sequence header', () => {
    const { units, depacketizer } = depacketize(
      [[interFrame()], [keyFrame()], keyUnit, [interFrame()]],
      nothing,
    );
    expect(units).toEqual([2, 3]);
    expect(depacketizer.statistics).toMatchObject({ framesBeforeKeyFrame: 2, framesEmitted: 2 });
  });

  it.each([
    ['a hidden key frame', { type: 6, payload: [0x00, 1] }],
    ['an intra-only frame', { type: 6, payload: [0x50, 1] }],
    ['a frame shown again', { type: 3, payload: [0x90] }],
  ])('does not take %s for a key frame', (_name, obu) => {
    expect(depacketize([[SEQUENCE, obu]], nothing).units).toEqual([]);
  });

  it('takes every frame of a reduced still picture sequence for a key frame', () => {
    // Profile 0, still and reduced, level 0, 1 × 1 in one bit each, no tools, 8 bits 4:2:0.
    const still = {
      type: 1,
      payload: [0b000_1_1_000, 0b00_0000_00, 0b00_0_0_000_0, 0b00_0_0_0_0_00, 0b0_0_1_00000],
    };
    const { frames } = depacketize([[still, { type: 6, payload: [0x7f, 1] }]], nothing);
    expect(frames[0]).toMatchObject({ keyFrame: true, parameters: { width: 1, height: 1 } });
  });

  it.each([
    ['its first packet', 0],
    ['its last packet', 1],
  ])('drops a unit without %s, and all that follow to the next key frame', (_name, place) => {
    const long = [interFrame([1, 2, 3, 4, 5])];
    expect(send([long])[0]).toHaveLength(2);
    const units = [keyUnit, [interFrame()], long, [interFrame()], keyUnit, [interFrame()]];
    const result = depacketize(units, (unit, at) => unit === 2 && at === place);
    expect(result.units).toEqual([0, 1, 4, 5]);
    expect(result.depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesUndecodable: 1 });
    expect(result.frames.map((frame) => frame.lossBefore)).toEqual([0, 0, 1, 0]);
  });

  it('drops what follows a unit lost altogether', () => {
    const units = [keyUnit, [interFrame()], [interFrame()], keyUnit];
    const result = depacketize(units, (unit) => unit === 1);
    expect(result.units).toEqual([0, 3]);
    expect(result.depacketizer.statistics).toMatchObject({ framesIncomplete: 0, framesUndecodable: 1 });
  });

  it('drops a unit that ends inside an OBU without a gap, directly before a key frame', () => {
    const [first = [], cut = [], next = []] = send([keyUnit, [interFrame([1, 2, 3, 4, 5])], keyUnit]);
    const { units, depacketizer } = run(receive([...first, ...cut.slice(0, 1), ...next]));
    expect(units).toEqual([0, 2]);
    expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesUndecodable: 0 });
  });

  it('drops a unit that the recording begins inside of', () => {
    const [first = [], next = []] = send([keyUnit, keyUnit]);
    const { units, depacketizer } = run(receive([...first.slice(1), ...next]));
    expect(units).toEqual([1]);
    expect(depacketizer.statistics.framesIncomplete).toBe(1);
  });

  it('takes no key frame after a loss whose beginning may be what was lost', () => {
    // A packet boundary between the sequence header and the frame: what is left looks like a unit of its own.
    const units = [keyUnit, [{ type: 5, payload: [1, 2, 3, 4] }, keyFrame()]];
    expect(send(units)[1]).toHaveLength(2);
    expect(depacketize(units, (unit, place) => unit === 1 && place === 0).units).toEqual([0]);
  });

  it('takes one whose packet says that a sequence starts', () => {
    const [first = [], second = []] = send([keyUnit, [keyFrame()]]).map((packets) => packets);
    const starting = packetize([keyFrame()], 200, { ...OPTIONS, startsSequence: true });
    const { units } = run(receive([...first, ...second, ...starting], (index) => index === first.length));
    expect(units).toEqual([0, 2]);
  });

  it('shows a unit of whole OBUs whose marker is missing, as where the top spatial layer was left out', () => {
    const [first = [], second = [], third = []] = send([keyUnit, [interFrame()], [interFrame()]]);
    const unmarked = second.map((packet) => ({ ...packet, marker: false }));
    expect(run(receive([...first, ...unmarked, ...third])).units).toEqual([0, 1, 2]);
  });

  it('does not at the end of the stream, where nothing tells what is missing behind it', () => {
    const [first = [], second = []] = send([keyUnit, [interFrame()]]);
    const unmarked = second.map((packet) => ({ ...packet, marker: false }));
    expect(run(receive([...first, ...unmarked])).units).toEqual([0]);
  });

  it('does not where packets are missing behind it', () => {
    const sent = send([keyUnit, [interFrame()], [interFrame()]]).flatMap((packets, unit) =>
      packets.map((packet) => (unit === 1 ? { ...packet, marker: false } : packet)),
    );
    const packets = receive(sent);
    const behind = packets.findIndex((packet) => packet.rtpTicks === 200);
    packets[behind] = { ...packetAt(packets, behind), lossBefore: 1 };
    expect(run(packets).units).toEqual([0]);
  });

  it.each([
    ['a frame header without tiles', [{ type: 3, payload: [0x30] }], true],
    [
      'tile groups that may go on',
      [
        { type: 3, payload: [0x30] },
        { type: 4, payload: [1] },
      ],
      false,
    ],
    ['tiles without a frame header', [{ type: 4, payload: [1] }], true],
    ['no frame at all', [{ type: 5, payload: [1] }], true],
  ])('drops a unit with %s', (_name, obus, marker) => {
    const sent = send([keyUnit, obus]).flatMap((packets, unit) =>
      packets.map((packet) => (unit === 1 ? { ...packet, marker: packet.marker && marker } : packet)),
    );
    const { units, depacketizer } = run(receive(sent));
    expect(units).toEqual([0]);
    expect(depacketizer.statistics.framesIncomplete).toBe(1);
  });

  it('keeps separate frame headers and tile groups', () => {
    const obus = [
      { type: 3, payload: [0x30] },
      { type: 4, payload: [1] },
      { type: 4, payload: [2] },
    ];
    const { frames } = depacketize([keyUnit, obus], nothing);
    expect(frames[1] && bytesOf(frames[1])).toEqual(asFile(obus));
  });

  it('keeps all spatial layers in one unit', () => {
    const layers = [0, 1, 2].map((layer) => ({ ...(layer === 0 ? keyFrame() : interFrame([layer])), layer }));
    const { frames } = depacketize([[SEQUENCE, ...layers]], nothing);
    expect(frames.map(bytesOf)).toEqual([asFile([SEQUENCE, ...layers])]);
    expect(frames[0]?.keyFrame).toBe(true);
  });

  it('starts a new run with a key frame of its own, and drops what was half there', () => {
    const [first = [], cut = []] = send([keyUnit, [interFrame([1, 2, 3, 4, 5])]]);
    const after = receive(send([[keyFrame()], keyUnit]).flat()).map((packet) => ({ ...packet, run: 1 }));
    const { frames, depacketizer } = run([...receive([...first, ...cut.slice(0, 1)]), ...after]);
    expect(frames.map((frame) => [frame.run, frame.rtpTicks])).toEqual([
      [0, 0],
      [1, 100],
    ]);
    expect(depacketizer.statistics).toMatchObject({ framesIncomplete: 1, framesBeforeKeyFrame: 1 });
  });

  it('counts payloads that break the format, and drops their unit', () => {
    const packets = receive(send([keyUnit, [interFrame()], keyUnit]).flat());
    const broken = packets.findIndex((packet) => packet.rtpTicks === 100);
    packets[broken] = { ...packetAt(packets, broken), payload: hex('00 7f aa') };
    const { units, depacketizer } = run(packets);
    expect(units).toEqual([0, 2]);
    expect(depacketizer.statistics).toMatchObject({ packetsMalformed: 1, framesIncomplete: 1 });
  });

  it('drops a unit of more OBUs than there can be', () => {
    const many = mediaPacket({ rtpTicks: 100, payload: new Uint8Array(1201) });
    const packets = [...receive(send([keyUnit]).flat()), many, many, many, many, many];
    expect(run(packets).depacketizer.statistics).toMatchObject({ framesEmitted: 1, framesIncomplete: 1 });
  });

  it('takes orientation and receive time of the last packet seen', () => {
    const packets = receive(send([keyUnit, [interFrame()]]).flat());
    const turned = packets.map((packet) =>
      packet.rtpTicks === 0 && packet.marker ? { ...packet, rotation: 270 as const } : packet,
    );
    const { frames } = run(turned);
    expect(frames.map((frame) => frame.rotation)).toEqual([270, 270]);
    expect(frames[0]?.receivedMs).toBe(turned.findLast((packet) => packet.rtpTicks === 0)?.receivedMs);
  });

  describe('properties', () => {
    const bytes = fc.array(fc.nat(255), { maxLength: 200 });
    const obu = fc
      .tuple(fc.constantFrom(6, 6, 6, 5, 15, 2), bytes, fc.option(fc.nat(3), { nil: undefined }))
      .map(([type, body, layer]): SentObu => {
        const payload = type === 6 ? [0x30, ...body] : body;
        return layer === undefined ? { type, payload } : { type, payload, layer };
      });
    const unit = fc.array(obu, { maxLength: 5 }).map((obus) => [interFrame(), ...obus]);
    const options = fc.record({ room: fc.integer({ min: 1, max: 300 }), counted: fc.boolean() });
    const kept = (obus: readonly SentObu[]) =>
      asFile(obus.filter(({ type }) => type === 6 || type === 5 || type === 1));

    it('gives back exactly what a packetizer split, whatever the packets', () => {
      fc.assert(
        fc.property(fc.array(unit, { maxLength: 8 }), options, (inter, split) => {
          const units = [keyUnit, ...inter];
          const { frames } = run(receive(send(units, split).flat()));
          expect(frames.map(bytesOf)).toEqual(units.map(kept));
        }),
      );
    });

    it('never gives out a unit with a hole, nor one after a unit that is missing', () => {
      const loss = fc.infiniteStream(fc.integer({ min: 0, max: 99 }));
      fc.assert(
        fc.property(
          fc.array(unit, { maxLength: 20 }),
          options,
          loss,
          fc.integer({ min: 1, max: 30 }),
          (inter, split, stream, percent) => {
            const units = inter.flatMap((obus, index) => (index % 6 === 0 ? [keyUnit, obus] : [obus]));
            const packets = receive(send(units, split).flat(), () => stream.next().value < percent);
            const { frames } = run(packets);
            const given = new Set<number>();
            for (const frame of frames) {
              const index = frame.rtpTicks / 100;
              expect(bytesOf(frame)).toEqual(kept(units[index] ?? []));
              expect(frame.keyFrame || given.has(index - 1)).toBe(true);
              given.add(index);
            }
          },
        ),
      );
    });

    it('never throws on any payload, and counts every unit once', () => {
      const packet = fc.record({
        payload: fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 40 }),
          fc.constant(packetAt(receive(send([keyUnit], { room: 99, counted: true }).flat()), 0).payload),
        ),
        rtpTicks: fc.nat(5),
        marker: fc.boolean(),
        lossBefore: fc.nat(1),
        run: fc.nat(1),
      });
      fc.assert(
        fc.property(fc.array(packet, { maxLength: 60 }), (fields) => {
          const { frames, depacketizer } = run(fields.map(mediaPacket));
          const { statistics } = depacketizer;
          const units = fields.filter(
            (one, index) =>
              one.rtpTicks !== fields[index - 1]?.rtpTicks || one.run !== fields[index - 1]?.run,
          );
          expect(frames).toHaveLength(statistics.framesEmitted);
          expect(
            statistics.framesEmitted +
              statistics.framesIncomplete +
              statistics.framesUndecodable +
              statistics.framesBeforeKeyFrame,
          ).toBe(units.length);
          for (const frame of frames) expect(bytesOf(frame)).toHaveLength(frame.byteLength);
        }),
        { numRuns: 1000 },
      );
    });
  });
});

function packetAt(packets: readonly MediaPacket[], index: number): MediaPacket {
  const packet = packets[index];
  if (packet === undefined) throw new Error(`no packet ${index}`);
  return packet;
}
