import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntryRecipe {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array | string;
  readonly stored?: boolean;
  /** Bit 11: the name is UTF-8. */
  readonly utf8Flag?: boolean;
  readonly flags?: number;
  /** Overrides of what headers say, lies included. */
  readonly method?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly crc?: number;
  readonly offset?: number;
  /** Only a record in the directory: its bytes are those of another entry. */
  readonly unwritten?: boolean;
  /** The compressed bytes as they stand in the archive. */
  readonly raw?: Uint8Array;
  /** Sizes and CRC stand behind the data; the local header has zeros. */
  readonly dataDescriptor?: boolean;
  /** Sizes and offset stand in ZIP64 extra fields. */
  readonly zip64?: boolean;
  /** Type and permissions as `ls` knows them: 0o120777 is a link. */
  readonly unixMode?: number;
  readonly localExtra?: Uint8Array;
}

export interface ZipRecipe {
  /** Before the first local header, not counted by any offset. */
  readonly junk?: Uint8Array;
  readonly comment?: string;
  readonly trailing?: Uint8Array;
  /** ZIP64 end record and locator. */
  readonly zip64?: boolean;
  readonly entryCount?: number;
}

export function buildZip(entries: readonly ZipEntryRecipe[], recipe: ZipRecipe = {}): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    offset += part.length;
  };
  for (const entry of entries) {
    const facts = factsOf(entry, offset);
    if (entry.unwritten !== true) {
      push(localHeader(entry, facts));
      push(facts.raw);
      if (entry.dataDescriptor === true) push(dataDescriptor(facts));
    }
    central.push(centralHeader(entry, facts));
  }
  const directoryOffset = offset;
  for (const header of central) push(header);
  const size = offset - directoryOffset;
  const count = recipe.entryCount ?? entries.length;
  if (recipe.zip64 === true) push(end64(count, size, directoryOffset));
  push(endRecord(recipe, count, size, directoryOffset));
  return Buffer.concat([recipe.junk ?? Buffer.alloc(0), ...parts, recipe.trailing ?? Buffer.alloc(0)]);
}

interface Facts {
  readonly name: Buffer;
  readonly raw: Buffer;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly offset: number;
}

function factsOf(entry: ZipEntryRecipe, offset: number): Facts {
  const data = Buffer.from(entry.data ?? '');
  const raw = Buffer.from(entry.raw ?? (entry.stored === true ? data : deflateRawSync(data)));
  const flags =
    (entry.utf8Flag === false ? 0 : 0x800) | (entry.dataDescriptor === true ? 0x8 : 0) | (entry.flags ?? 0);
  return {
    name: Buffer.from(entry.name),
    raw,
    method: entry.method ?? (entry.stored === true ? 0 : 8),
    flags,
    crc: entry.crc ?? crc32(data),
    size: entry.size ?? data.length,
    compressedSize: entry.compressedSize ?? raw.length,
    offset: entry.offset ?? offset,
  };
}

function localHeader(entry: ZipEntryRecipe, facts: Facts): Buffer {
  const later = entry.dataDescriptor === true;
  const extra = entry.localExtra ?? Buffer.alloc(0);
  return Buffer.concat([
    u32(0x04034b50), // signature
    u16(entry.zip64 === true ? 45 : 20), // version needed
    u16(facts.flags),
    u16(facts.method),
    u16(0x4800), // time: 09:00
    u16(0x5d74), // date: 2026-11-20
    u32(later ? 0 : facts.crc),
    u32(later ? 0 : Math.min(facts.compressedSize, 0xffff_ffff)),
    u32(later ? 0 : Math.min(facts.size, 0xffff_ffff)),
    u16(facts.name.length),
    u16(extra.length),
    facts.name,
    extra,
  ]);
}

function dataDescriptor(facts: Facts): Buffer {
  return Buffer.concat([u32(0x08074b50), u32(facts.crc), u32(facts.compressedSize), u32(facts.size)]);
}

function centralHeader(entry: ZipEntryRecipe, facts: Facts): Buffer {
  const zip64 = entry.zip64 === true;
  const extra = zip64
    ? Buffer.concat([
        u16(0x0001), // ZIP64 extended information
        u16(24),
        u64(facts.size),
        u64(facts.compressedSize),
        u64(facts.offset),
      ])
    : Buffer.alloc(0);
  return Buffer.concat([
    u32(0x02014b50), // signature
    u16(0x0314), // made by: Unix, 2.0
    u16(zip64 ? 45 : 20), // version needed
    u16(facts.flags),
    u16(facts.method),
    u16(0x4800), // time
    u16(0x5d74), // date
    u32(facts.crc),
    u32(zip64 ? 0xffff_ffff : facts.compressedSize),
    u32(zip64 ? 0xffff_ffff : facts.size),
    u16(facts.name.length),
    u16(extra.length),
    u16(0), // comment length
    u16(0), // disk
    u16(0), // internal attributes
    u32(((entry.unixMode ?? 0o100644) << 16) >>> 0), // external attributes
    u32(zip64 ? 0xffff_ffff : facts.offset),
    facts.name,
    extra,
  ]);
}

function end64(count: number, size: number, offset: number): Buffer {
  return Buffer.concat([
    u32(0x06064b50), // ZIP64 end record
    u64(44), // size of what follows
    u16(45), // made by
    u16(45), // needed
    u32(0), // this disk
    u32(0), // disk of the directory
    u64(count), // entries on this disk
    u64(count),
    u64(size),
    u64(offset),
    u32(0x07064b50), // locator
    u32(0), // disk of the record
    u64(offset + size), // of the record
    u32(1), // disks
  ]);
}

function endRecord(recipe: ZipRecipe, count: number, size: number, offset: number): Buffer {
  const zip64 = recipe.zip64 === true;
  const comment = Buffer.from(recipe.comment ?? '');
  return Buffer.concat([
    u32(0x06054b50), // signature
    u16(0), // this disk
    u16(0), // disk of the directory
    u16(zip64 ? 0xffff : count), // entries on this disk
    u16(zip64 ? 0xffff : count),
    u32(zip64 ? 0xffff_ffff : size),
    u32(zip64 ? 0xffff_ffff : offset),
    u16(comment.length),
    comment,
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
