import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Vp9PayloadDescriptor } from '../../../src/codecs/vp9/payload-descriptor.ts';
import { octets } from './frames.ts';

function read(text: string) {
  const descriptor = new Vp9PayloadDescriptor();
  return { offset: descriptor.read(octets(text)), descriptor };
}

describe('vp9 payload descriptor', () => {
  it('reads the key picture of an SVC stream (witnessed: Chromium, L3T2_KEY, lowest layer)', () => {
    const { offset, descriptor } = read(`
      be                    I, L, F, B, E, V
      95 1c                 M, picture id 5404
      10                    TID 0, U, SID 0, D 0
      50                    N_S 2, Y, no G
      01 40 00 b4           320 × 180
      02 80 01 68           640 × 360
      05 00 02 d0           1280 × 720
      83 49 83 42           frame`);
    expect(offset).toBe(17);
    expect(descriptor).toMatchObject({
      pictureIdBits: 15,
      pictureId: 5404,
      interPicturePredicted: false,
      layered: true,
      flexible: true,
      startsFrame: true,
      endsFrame: true,
      spatialId: 0,
      interLayerPredicted: false,
      references: [],
      pictureGroup: undefined,
    });
  });

  it('reads a layer that is predicted from the one below (witnessed: Chromium, L3T2_KEY)', () => {
    const { offset, descriptor } = read('bd 95 1c 15 87');
    expect(offset).toBe(4);
    expect(descriptor).toMatchObject({ spatialId: 2, interLayerPredicted: true, references: [] });
  });

  it('reads the references of flexible mode (witnessed: Chromium, L3T2_KEY)', () => {
    const { offset, descriptor } = read(`
      f9                    I, P, L, F, B, Z
      95 1e                 picture id 5406
      14                    TID 0, U, SID 2
      04                    P_DIFF 2, last
      87                    frame`);
    expect(offset).toBe(5);
    expect(descriptor).toMatchObject({ spatialId: 2, references: [2], startsFrame: true, endsFrame: false });
  });

  it('reads the picture group of non-flexible mode (witnessed: GStreamer)', () => {
    const { offset, descriptor } = read(`
      8a                    I, B, V
      d2 69                 picture id 21097
      18                    N_S 0, Y, G
      01 40 00 f0           320 × 240
      01                    N_G 1
      04                    TID 0, R 1
      01                    P_DIFF 1
      83                    frame`);
    expect(offset).toBe(11);
    expect(descriptor).toMatchObject({ pictureId: 21097, layered: false, flexible: false });
    expect(descriptor.pictureGroup?.references).toEqual([[1]]);
  });

  it('reads a group of several pictures with several references each (invented)', () => {
    const { offset, descriptor } = read(`
      2a                    L, B, V
      00 07                 TID 0, SID 0; TL0PICIDX
      08                    N_S 0, G
      03                    N_G 3
      00                    TID 0, R 0
      28 01 02              TID 1, R 2: P_DIFFs 1, 2
      4c 01 02 03           TID 2, R 3: P_DIFFs 1, 2, 3
      83                    frame`);
    expect(offset).toBe(13);
    expect(descriptor.pictureIdBits).toBe(0);
    expect(descriptor.pictureGroup?.references).toEqual([[], [1, 2], [1, 2, 3]]);
  });

  it('reads 7-bit picture ids (invented)', () => {
    const { offset, descriptor } = read('8c 55 83');
    expect(offset).toBe(2);
    expect(descriptor).toMatchObject({ pictureIdBits: 7, pictureId: 0x55 });
  });

  it.each([
    ['empty', ''],
    ['flags alone', '0c'],
    ['picture id missing', '8c'],
    ['second byte of the picture id missing', '8c 95'],
    ['layer indices missing', 'ac 95 1c'],
    ['TL0PICIDX missing', 'ac 95 1c 10'],
    ['P_DIFF missing', 'fc 95 1c 10'],
    ['P_DIFF announced and missing', 'fc 95 1c 10 03'],
    ['four P_DIFFs', 'fc 95 1c 10 03 03 03 02 87'],
    ['scalability structure missing', '8e 95 1c'],
    ['sizes cut', '8e 95 1c 10 01 40 00'],
    ['group cut', '8e 95 1c 08 02 04 01'],
    ['group missing', '8e 95 1c 08'],
    ['nothing behind the descriptor', 'bd 95 1c 15'],
  ])('refuses: %s', (_name, text) => {
    expect(read(text).offset).toBe(-1);
  });

  it('never throws, and never points outside the payload', () => {
    const descriptor = new Vp9PayloadDescriptor();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (payload) => {
        const offset = descriptor.read(payload);
        expect(offset === -1 || (offset > 0 && offset < payload.length)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
