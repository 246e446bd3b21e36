import type { ByteSource } from './byte-source.ts';

export function memorySource(bytes: Uint8Array, description = 'memory'): ByteSource {
  return {
    description,
    byteLength: bytes.byteLength,
    read: (position, length) => Promise.resolve(bytes.slice(position, position + length)),
    close: () => Promise.resolve(),
  };
}
