import { gzipSync } from 'node:zlib';
import { writeTar, writeZip } from '@rawreel/fixtures';
import type { Framing } from '../engine/target.ts';
import { fileListFraming, type ListedFile, readFileList, writeFileList } from './file-list.ts';

/**
 * A recording and what is done with it, as one input.
 *
 *      +-+-+-+-+-+-+-+-+
 *      | container     |   by its rest: index into CONTAINERS
 *      | command       |   the same of what the case is run with
 *      | patches       |   then each patch of the packed archive:
 *      +-+-+-+-+-+-+-+-+
 *      |E|P|   how     |   E: `where` counts from the end · P: of a tar.gz, before it is compressed
 *      | where (16)    |   bytes
 *      | value         |
 *      +-+-+-+-+-+-+-+-+
 *      | files …       |   as FileList has them
 */
export interface CallCase {
  readonly container: Container;
  /** To be taken by its rest. */
  readonly command: number;
  readonly patches: readonly Patch[];
  readonly files: readonly ListedFile[];
}

export interface Patch {
  readonly fromEnd: boolean;
  readonly beforeCompression: boolean;
  readonly how: number;
  readonly where: number;
  readonly value: number;
}

export const CONTAINERS = ['zip', 'stored zip', 'tar.gz', 'tar', 'folder'] as const;
export type Container = (typeof CONTAINERS)[number];

const PATCH_BYTES = 4;
const MOST_PATCHES = 16;
const MOST_FILES = 64;

export function readCallCase(bytes: Uint8Array): CallCase {
  const { head, rest } = apart(bytes);
  const patches: Patch[] = [];
  for (let at = 3; at + PATCH_BYTES <= head.length; at += PATCH_BYTES) {
    const [flags = 0, high = 0, low = 0, value = 0] = head.subarray(at);
    const place = { fromEnd: (flags & 0x80) !== 0, beforeCompression: (flags & 0x40) !== 0 };
    patches.push({ ...place, how: flags & 0x3f, where: (high << 8) | low, value });
  }
  const container = CONTAINERS[(head[0] ?? 0) % CONTAINERS.length] ?? 'zip';
  return { container, command: head[1] ?? 0, patches, files: readFileList(rest).slice(0, MOST_FILES) };
}

export function writeCallCase({ container, command, patches, files }: CallCase): Uint8Array {
  const told = patches.slice(0, MOST_PATCHES).flatMap((patch) => {
    const flags = (patch.fromEnd ? 0x80 : 0) | (patch.beforeCompression ? 0x40 : 0) | (patch.how & 0x3f);
    return [flags, (patch.where >> 8) & 0xff, patch.where & 0xff, patch.value];
  });
  const head = Uint8Array.of(CONTAINERS.indexOf(container), command, told.length / PATCH_BYTES, ...told);
  return Buffer.concat([head, writeFileList(files)]);
}

function apart(bytes: Uint8Array): { head: Uint8Array; rest: Uint8Array } {
  const length = 3 + PATCH_BYTES * Math.min(MOST_PATCHES, bytes[2] ?? 0);
  return { head: bytes.subarray(0, length), rest: bytes.subarray(length) };
}

/** Parts are files. */
export const callCaseFraming: Framing = {
  split(bytes) {
    const { head, rest } = apart(bytes);
    return { head, parts: fileListFraming.split(rest).parts };
  },
  join: (head, parts) => Buffer.concat([head, fileListFraming.join(new Uint8Array(0), parts)]),
};

/** The archive's bytes; undefined of a folder. */
export function packed({ container, patches, files }: CallCase): Uint8Array | undefined {
  switch (container) {
    case 'zip':
    case 'stored zip': {
      const method = container === 'zip' ? 'deflated' : 'stored';
      return patched(writeZip(files.map((file) => ({ ...file, method }))), patches);
    }
    case 'tar':
      return patched(writeTar(files), patches);
    case 'tar.gz': {
      const tar = patched(
        writeTar(files),
        patches.filter(({ beforeCompression }) => beforeCompression),
      );
      return patched(
        gzipSync(tar),
        patches.filter(({ beforeCompression }) => !beforeCompression),
      );
    }
    case 'folder':
      return undefined;
    default:
      return container satisfies never;
  }
}

const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff];

function patched(archive: Uint8Array, patches: readonly Patch[]): Uint8Array {
  let bytes = Buffer.from(archive);
  for (const { fromEnd, how, where, value } of patches) {
    const at = Math.max(0, Math.min(bytes.length, fromEnd ? bytes.length - where : where));
    switch (how % 6) {
      case 0:
        if (at < bytes.length) bytes[at] = value;
        break;
      case 1:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << (value & 7));
        break;
      case 2:
        if (at + 4 <= bytes.length) bytes.writeUInt32LE(EDGES[value % EDGES.length] ?? 0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(value), bytes.subarray(at)]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + value)]);
        break;
      default:
        bytes = bytes.subarray(0, at);
    }
  }
  return bytes;
}
