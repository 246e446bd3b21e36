import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  readonly name: string;
  /** Asked for when what is before it is written. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/** 1980-01-01, the first day that there is, so that the same entries give the same bytes. */
const OPTIONS = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true };

/** A ZIP archive in pieces, entry behind entry, each deflated while it comes: nothing is held. */
export async function* zipOf(entries: Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let current: Readable | undefined;
  for (const { name, pieces } of entries)
    zip.addReadStreamLazy(name, OPTIONS, (opened) => {
      current = Readable.from(pieces()).on('error', (error) => output.destroy(error));
      opened(null, current);
    });
  zip.end();
  try {
    for await (const bytes of output) yield bytes as Uint8Array;
  } finally {
    current?.destroy();
  }
}
