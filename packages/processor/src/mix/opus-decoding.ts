import { opusDurationTicks } from '@rawreel/rtp';
import { createDecoder, isOpusError, type OpusDecoderHandle } from 'libopus-wasm';
import { type LibopusModule, libopusModule } from './libopus-module.ts';
import { SAMPLE_RATE, type SampleRate } from './mix-source.ts';

/** libopus for one stream. */
export interface OpusDecoding {
  /**
   * The packet's channels, lent until any stream of this thread decodes again: the caller may change them until then. None
   * where it cannot be decoded.
   */
  decode(packet: Uint8Array): readonly Float32Array[];
  close(): void;
}

/** With one channel, stereo packets are mixed down; with two, mono packets are on both. */
export async function openDecoding(channels: 1 | 2, rate: SampleRate = SAMPLE_RATE): Promise<OpusDecoding> {
  const module = await libopusModule();
  if (module !== undefined) return new ScratchDecoding(module, channels, rate);
  return new HandleDecoding(await createDecoder({ channels, sampleRate: rate }));
}

/** 120 ms, the longest packet (RFC 6716 §3.2.5), at the highest rate. */
const MOST_SAMPLES = 5760;
/** A packet's three longest frames and their lengths; what is longer cannot be decoded. */
const MOST_PACKET_BYTES = 64 * 1024;

/** The thread's memory for a packet, its samples as libopus interleaves them, and the channels apart. */
interface Scratch {
  readonly packet: number;
  readonly pcm: number;
  readonly channels: readonly [Float32Array, Float32Array];
}

const scratches = new WeakMap<LibopusModule, Scratch>();

function scratchOf(module: LibopusModule): Scratch {
  let scratch = scratches.get(module);
  if (scratch === undefined) {
    scratch = {
      packet: allocated(module, MOST_PACKET_BYTES),
      pcm: allocated(module, MOST_SAMPLES * 2 * Float32Array.BYTES_PER_ELEMENT),
      channels: [new Float32Array(MOST_SAMPLES), new Float32Array(MOST_SAMPLES)],
    };
    scratches.set(module, scratch);
  }
  return scratch;
}

function allocated(module: LibopusModule, bytes: number): number {
  const pointer = module._malloc(bytes);
  if (pointer === 0) throw new RangeError(`no memory for ${bytes} bytes of sound`);
  return pointer;
}

/** Decodes into memory that all streams of a thread share: no array per packet. */
class ScratchDecoding implements OpusDecoding {
  readonly #module: LibopusModule;
  readonly #channels: 1 | 2;
  readonly #rate: SampleRate;
  readonly #scratch: Scratch;
  readonly #decoder: number;

  constructor(module: LibopusModule, channels: 1 | 2, rate: SampleRate) {
    this.#module = module;
    this.#channels = channels;
    this.#rate = rate;
    this.#scratch = scratchOf(module);
    const error = allocated(module, Int32Array.BYTES_PER_ELEMENT);
    this.#decoder = module._oc_create_decoder(rate, channels, error);
    module._free(error);
    if (this.#decoder === 0) throw new RangeError('no memory for another decoder of Opus');
  }

  decode(packet: Uint8Array): readonly Float32Array[] {
    const frameSize = samplesOf(packet, this.#rate);
    if (frameSize === undefined || packet.length > MOST_PACKET_BYTES) return [];
    const { packet: at, pcm } = this.#scratch;
    this.#module.HEAPU8.set(packet, at);
    const count = this.#module._oc_decode_float(this.#decoder, at, packet.length, pcm, frameSize, 0);
    if (count <= 0) return [];
    const first = pcm / Float32Array.BYTES_PER_ELEMENT;
    const samples = this.#module.HEAPF32.subarray(first, first + count * this.#channels);
    return this.#channels === 1 ? [samples] : apart(samples, this.#scratch.channels);
  }

  close(): void {
    this.#module._oc_destroy_decoder(this.#decoder);
  }
}

/** By the package's own classes. */
class HandleDecoding implements OpusDecoding {
  readonly #decoder: OpusDecoderHandle;

  constructor(decoder: OpusDecoderHandle) {
    this.#decoder = decoder;
  }

  decode(packet: Uint8Array): readonly Float32Array[] {
    const maxFrameSize = samplesOf(packet, this.#decoder.sampleRate);
    if (maxFrameSize === undefined) return [];
    try {
      const samples = this.#decoder.decodeFloat(packet, { maxFrameSize });
      if (this.#decoder.channels === 1) return [samples];
      return apart(samples, [new Float32Array(maxFrameSize), new Float32Array(maxFrameSize)]);
    } catch (error) {
      if (isOpusError(error)) return [];
      throw error;
    }
  }

  close(): void {
    this.#decoder.free();
  }
}

/** At RTP's clock of Opus, 48 kHz, and at another rate. */
function samplesOf(packet: Uint8Array, rate: number): number | undefined {
  const ticks = opusDurationTicks(packet);
  return ticks && (ticks * rate) / SAMPLE_RATE;
}

/** Interleaved stereo → left and right. */
function apart(samples: Float32Array, into: readonly [Float32Array, Float32Array]): readonly Float32Array[] {
  const length = samples.length / 2;
  const [left, right] = [into[0].subarray(0, length), into[1].subarray(0, length)];
  for (let index = 0; index < length; index++) {
    left[index] = samples[2 * index] ?? 0;
    right[index] = samples[2 * index + 1] ?? 0;
  }
  return [left, right];
}
