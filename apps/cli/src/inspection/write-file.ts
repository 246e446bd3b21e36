import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { printable } from '@rawreel/text';
import { CliError } from '../failure/errors.ts';

/**
 * Writes a file piece by piece; under its name it is whole, or not there. A pipe or a device is written as it is.
 *
 * @throws CliError where it cannot be written
 */
export async function writeWhole(
  path: string,
  pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  signal: AbortSignal,
): Promise<void> {
  const isReplaced = await stat(path).then(
    (known) => known.isFile(),
    () => true,
  );
  const part = isReplaced ? `${path}.${process.pid}.part` : path;
  const file = createWriteStream(part);
  const unwritable = new Promise<Error>((resolve) => file.once('error', resolve));
  try {
    await pipeline(Readable.from(pieces, { objectMode: true }), file, { signal });
    if (isReplaced) await rename(part, path);
  } catch (error) {
    if (isReplaced) await rm(part, { force: true });
    signal.throwIfAborted();
    if (error === (await Promise.race([unwritable, undefined])))
      throw new CliError(`${printable(path)} cannot be written: ${whyNot(error as NodeJS.ErrnoException)}`, {
        code: 'ERR_OUTPUT_UNWRITABLE',
        hints: ['Choose a place that you may write to.'],
        cause: error,
      });
    throw error;
  }
}

const whyNot = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOENT' ? 'its folder does not exist' : printable(message);
