import { gzipSync } from 'node:zlib';
import type { EntryLocation, OpenEntryOptions, OpenedRecording, OpenOptions } from '../../src/index.ts';
import { ArchiveError, type ByteSource, memorySource, openEntry, openRecording } from '../../src/index.ts';
import type { File } from './recording.ts';
import { buildTar } from './tar.ts';
import { buildZip } from './zip.ts';

export function openBytes(bytes: Uint8Array, options: OpenOptions = {}): Promise<OpenedRecording> {
  return openRecording(memorySource(bytes, 'call.zip'), options);
}

/** Bytes in memory, and what is asked of them. */
export function countingSource(bytes: Uint8Array) {
  const asked = { reads: 0, bytes: 0 };
  const memory = memorySource(bytes, 'call.zip');
  const source: ByteSource = {
    ...memory,
    read(position, length) {
      asked.reads += 1;
      asked.bytes += Math.min(length, bytes.byteLength - position);
      return memory.read(position, length);
    },
  };
  return { source, asked };
}

export function openZip(files: readonly File[], options: OpenOptions = {}): Promise<OpenedRecording> {
  return openBytes(buildZip(files), options);
}

export function tarGz(files: readonly File[]): Buffer {
  return gzipSync(buildTar(files));
}

/** Everything an entry gives: its bytes, and the error behind them if there is one. */
export async function drain(
  location: EntryLocation | undefined,
  bytes?: Uint8Array,
  options: OpenEntryOptions = {},
): Promise<{ bytes: Buffer; error?: ArchiveError }> {
  if (location === undefined) throw new Error('the segment has no dump');
  const source = bytes === undefined ? {} : { source: memorySource(bytes) };
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of openEntry(location, { ...source, ...options })) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks) };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { bytes: Buffer.concat(chunks), error };
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The ArchiveError that a promise must end in. */
export async function failure(promise: Promise<unknown>): Promise<ArchiveError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ArchiveError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** `code severity` of each problem. */
export function codes(recording: OpenedRecording): string[] {
  return recording.problems.map(({ code, severity }) => `${code} ${severity}`);
}

export function users(recording: OpenedRecording): string[] {
  return recording.sessions.filter(({ tracks }) => tracks.length > 0).map(({ userId }) => userId);
}
