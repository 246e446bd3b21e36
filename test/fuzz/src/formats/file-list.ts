import { joined } from '../engine/mutate-bytes.ts';
import type { Framing } from '../engine/target.ts';

/**
 * The files of an archive as one input, so that names and contents are mutated and never the container around them.
 *
 *      | name length (8) | content length (16) | name | content | …
 */
export interface ListedFile {
  readonly name: Uint8Array;
  readonly data: Uint8Array;
}

const PREFIX = 3;

export function readFileList(bytes: Uint8Array): ListedFile[] {
  const files: ListedFile[] = [];
  let at = 0;
  while (at + PREFIX <= bytes.length) {
    const nameEnd = at + PREFIX + (bytes[at] ?? 0);
    const dataEnd = nameEnd + (((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0));
    files.push({ name: bytes.subarray(at + PREFIX, nameEnd), data: bytes.subarray(nameEnd, dataEnd) });
    at = dataEnd;
  }
  return files;
}

export function writeFileList(files: readonly ListedFile[]): Uint8Array {
  return joined(...files.flatMap(({ name, data }) => [toPrefix(name.length, data.length), name, data]));
}

function toPrefix(nameLength: number, dataLength: number): Uint8Array {
  return Uint8Array.of(nameLength, dataLength >> 8, dataLength);
}

/** Parts are files, name and content behind the name's length. */
export const fileListFraming: Framing = {
  split(bytes) {
    const parts = readFileList(bytes).map(({ name, data }) => joined(Uint8Array.of(name.length), name, data));
    return { head: new Uint8Array(0), parts };
  },
  join(_, parts) {
    const files = parts.map((part) => {
      const nameEnd = 1 + (part[0] ?? 0);
      return { name: part.subarray(1, nameEnd), data: part.subarray(nameEnd, nameEnd + 0xffff) };
    });
    return writeFileList(files);
  },
};
