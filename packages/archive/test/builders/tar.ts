export interface TarEntryRecipe {
  readonly name: string;
  readonly data?: Uint8Array | string;
  /** '0' file, '1' hard link, '2' link, '3' device, '5' folder. */
  readonly type?: string;
  /** As the header says; the data's own unless told. */
  readonly size?: number;
  readonly format?: 'ustar' | 'gnu' | 'pax' | 'v7';
  readonly link?: string;
}

export interface TarRecipe {
  /** Two zero blocks: there unless told. */
  readonly endMark?: boolean;
}

export function buildTar(entries: readonly TarEntryRecipe[], recipe: TarRecipe = {}): Buffer {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const data = Buffer.from(entry.data ?? '');
    if (entry.format === 'gnu') {
      const long = Buffer.from(`${entry.name}\0`);
      parts.push(header({ name: '././@LongLink', type: 'L' }, long.length), padded(long));
    }
    if (entry.format === 'pax') {
      const record = paxRecord('path', entry.name);
      parts.push(header({ name: 'PaxHeader/x', type: 'x' }, record.length), padded(record));
    }
    parts.push(header(entry, entry.size ?? data.length), padded(data));
  }
  if (recipe.endMark !== false) parts.push(Buffer.alloc(1024));
  return Buffer.concat(parts);
}

export function rawTarHeader(name: string, type: string, size: number): Buffer {
  return header({ name, type }, size);
}

export function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

export function paxRecord(key: string, value: string): Buffer {
  const body = Buffer.from(` ${key}=${value}\n`);
  let length = body.length;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

function header(entry: TarEntryRecipe, size: number): Buffer {
  const block = Buffer.alloc(512);
  const long = entry.format === 'gnu' || entry.format === 'pax';
  block.write(long ? entry.name.slice(0, 20) : entry.name, 0, 100); // name
  block.write('0000644\0', 100); // mode
  block.write('0000000\0', 108); // uid
  block.write('0000000\0', 116); // gid
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124); // size
  block.write('15142417520\0', 136); // time
  block.write('        ', 148); // checksum, as spaces while it is summed
  block.write(entry.type ?? '0', 156); // type
  block.write(entry.link ?? '', 157, 100); // link name
  if (entry.format !== 'v7') block.write('ustar\u000000', 257, 'latin1'); // magic and version
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
