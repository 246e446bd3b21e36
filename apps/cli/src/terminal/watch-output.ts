import { fstatSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { Output } from '../context.ts';

export interface WatchedOutput {
  readonly output: Output;
  /** Settles when all that was written has left, or never will: with the reason, where somebody was to have it. */
  flushed(): Promise<NodeJS.ErrnoException | undefined>;
}

/** A reader that has seen enough, as `head` has, misses nothing. */
const READER_GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** One of the process's own outputs, whose failures are kept for the end instead of ending the process where they happen. */
export function watchOutput(stream: NodeJS.WriteStream & { readonly fd: number }): WatchedOutput {
  const output = isFile(stream.fd) ? intoFile(stream.fd) : stream;
  let failure: NodeJS.ErrnoException | undefined;
  output.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error;
  });
  return {
    output,
    flushed: () =>
      new Promise((resolve) => {
        // A write's error is reported after the write.
        const done = () =>
          setImmediate(() => resolve(READER_GONE.has(failure?.code ?? '') ? undefined : failure));
        if (output.writable) output.write('', done);
        else done();
      }),
  };
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

/** Node's own takes what a full disk has cut short for written. */
function intoFile(fd: number): Writable {
  return new Writable({
    decodeStrings: true,
    write(bytes: Buffer, _encoding, done) {
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        done();
      } catch (error) {
        done(error as NodeJS.ErrnoException);
      }
    },
  });
}
