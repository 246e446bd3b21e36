/**
 * The WebAssembly module below libopus-wasm's classes, as far as decoding needs it. Those give out a fresh array for every
 * packet, half a gigabyte an hour for the garbage collector; the module writes where it is told.
 */
export interface LibopusModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF32: Float32Array;
  readonly HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _oc_create_decoder(sampleRate: number, channels: number, errorPointer: number): number;
  _oc_destroy_decoder(decoder: number): void;
  /** @returns samples per channel, or an error below 0 */
  _oc_decode_float(
    decoder: number,
    packet: number,
    bytes: number,
    pcm: number,
    frameSize: number,
    isFec: number,
  ): number;
}

const FUNCTIONS = [
  '_malloc',
  '_free',
  '_oc_create_decoder',
  '_oc_destroy_decoder',
  '_oc_decode_float',
] as const satisfies readonly (keyof LibopusModule)[];
const MEMORY = ['HEAPU8', 'HEAPF32', 'HEAP32'] as const satisfies readonly (keyof LibopusModule)[];

let loaded: Promise<LibopusModule | undefined> | undefined;

/** Undefined where the installed libopus-wasm has another inside: its classes do the same more slowly. */
export function libopusModule(): Promise<LibopusModule | undefined> {
  loaded ??= load();
  return loaded;
}

/** A bundle puts the module itself in the place of its address (apps/cli/rolldown.config.mjs). */
const inside = (): string =>
  new URL('./generated/libopus.generated.mjs', import.meta.resolve('libopus-wasm')).href;

async function load(): Promise<LibopusModule | undefined> {
  try {
    const { default: create } = (await import(inside())) as { default: () => Promise<LibopusModule> };
    const module = await create();
    return isWhole(module) ? module : undefined;
  } catch {
    return undefined;
  }
}

const isWhole = (module: LibopusModule): boolean =>
  FUNCTIONS.every((name) => typeof module[name] === 'function') &&
  MEMORY.every((name) => ArrayBuffer.isView(module[name]));
