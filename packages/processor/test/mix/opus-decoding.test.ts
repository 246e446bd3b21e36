import { encodeOpus } from '@rawreel/fixtures';
import { createDecoder } from 'libopus-wasm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { libopusModule } from '../../src/mix/libopus-module.ts';
import { openDecoding } from '../../src/mix/opus-decoding.ts';

vi.mock('../../src/mix/libopus-module.ts', { spy: true });

afterEach(() => vi.mocked(libopusModule).mockReset());

const packetsOf = async (channels: 1 | 2) => {
  const sound = { startMs: 0, channels, hz: 500, trueRate: 48_000, background: 0.3 } as const;
  const { packets } = await encodeOpus({
    ...sound,
    frameMs: 20,
    packets: 50,
    bitrate: 32_000,
    application: 'audio',
  });
  return packets;
};

/** By the classes of libopus-wasm, interleaved. */
async function expected(packets: readonly Uint8Array[], channels: 1 | 2): Promise<number[]> {
  const decoder = await createDecoder({ channels, sampleRate: 48_000 });
  return packets.flatMap((packet) => [...decoder.decodeFloat(packet)]);
}

async function decoded(packets: readonly Uint8Array[], channels: 1 | 2): Promise<number[]> {
  const decoding = await openDecoding(channels);
  const samples = packets.flatMap((packet) => {
    const [left = new Float32Array(), right] = decoding.decode(packet);
    return [...left].flatMap((sample, index) => (right === undefined ? [sample] : [sample, right[index]]));
  });
  decoding.close();
  return samples as number[];
}

describe('decoding', () => {
  test('what is below the installed libopus-wasm is what is expected there', async () => {
    expect(await libopusModule()).toBeDefined();
  });

  test.each([
    [1, 1],
    [2, 2],
    [1, 2],
    [2, 1],
  ] as const)('%i channels as %i · the samples that the package’s classes give', async (sent, heard) => {
    const packets = await packetsOf(sent);
    expect(await decoded(packets, heard)).toEqual(await expected(packets, heard));
  });

  test.each([1, 2] as const)('%i channels, another inside · the same by its classes', async (channels) => {
    vi.mocked(libopusModule).mockResolvedValue(undefined);
    const packets = await packetsOf(channels);
    expect(await decoded(packets, channels)).toEqual(await expected(packets, channels));
    expect(libopusModule).toHaveBeenCalled();
  });

  test('streams side by side · each has its own state, and lends its samples until the other decodes', async () => {
    const packets = await packetsOf(1);
    const [one, other] = [await openDecoding(1), await openDecoding(1)];
    const wanted = await expected(packets, 1);
    const heard = packets.flatMap((packet) => {
      const first = [...(one.decode(packet)[0] ?? [])];
      other.decode(packet.slice(0, 3));
      return first;
    });
    expect(heard).toEqual(wanted);
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['a count of frames that do not fit', Uint8Array.of(0xff, 0xff, 1)],
    ['more than a packet may have', new Uint8Array(70_000).fill(0xfc, 0, 1)],
  ])('%s · is no sound', async (_, packet) => {
    const decoding = await openDecoding(1);
    expect(decoding.decode(packet)).toEqual([]);
  });
});
