import { closeSync, openSync, readSync } from 'node:fs';
import type { VideoParameters } from '@rawreel/rtp';
import type { TrackRun } from '../time/track-runs.ts';
import { CopiedFrame } from './copied-frame.ts';
import { FileWindow } from './file-window.ts';
import { type FrameRecord, RECORD_BYTES, recordAt } from './frame-record.ts';
import type { ReadingOptions } from './open-dump.ts';
import type { PlacedFrame } from './segment-frames.ts';
import type { FrameCounts } from './why-no-frame.ts';

/** The frames of a dump of one run, in a media file that they were written to while it was scanned. A plain value. */
export interface CopiedFrames {
  /** Of the media file. */
  readonly path: string;
  /** Of the records beside it. */
  readonly index: string;
  /** By the numbers that records have for them. */
  readonly parameters: readonly VideoParameters[];
  readonly counts: FrameCounts;
}

export interface CopiedFramesOptions extends ReadingOptions {
  readonly copy: CopiedFrames;
  readonly run: TrackRun;
  /** Of the dump: what is told of it stays the same. */
  readonly dumpBytes: number;
}

/** Of frames that are given out together. */
const PIECE_BYTES = 256 * 1024;
const RECORDS_AT_ONCE = 1024;

/** Gives out what reading the dump again would, without parsing anything; bytes are read by who takes them. @returns the depacketizer's counts. */
export async function* framesOfCopy(
  options: CopiedFramesOptions,
): AsyncGenerator<readonly PlacedFrame[], FrameCounts> {
  const { copy, run, dumpBytes, signal, onBytes } = options;
  const index = openSync(copy.index, 'r');
  const media = new FileWindow(copy.path);
  let left = dumpBytes;
  try {
    for (const piece of piecesOf(recordsOf(index, copy.parameters))) {
      signal?.throwIfAborted();
      yield piece.records.map((record) => ({ frame: new CopiedFrame(record, media), run }));
      const read = Math.min(left, piece.end - piece.start);
      left -= read;
      onBytes(read);
    }
  } finally {
    closeSync(index);
  }
  onBytes(left);
  return copy.counts;
}

function* recordsOf(index: number, parameters: readonly VideoParameters[]): Generator<FrameRecord> {
  const bytes = Buffer.allocUnsafeSlow(RECORDS_AT_ONCE * RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  for (let position = 0; ; ) {
    const length = readSync(index, bytes, 0, bytes.length, position);
    if (length === 0) return;
    position += length;
    for (let at = 0; at < length; at += RECORD_BYTES) yield recordAt(view, at, parameters);
  }
}

interface Piece {
  /** Of its first frame's bytes, and behind those of its last. */
  readonly start: number;
  end: number;
  readonly records: FrameRecord[];
}

/** As many frames as lie within one piece; a larger one by itself. */
function* piecesOf(records: Iterable<FrameRecord>): Generator<Piece> {
  let piece: Piece | undefined;
  for (const record of records) {
    if (piece !== undefined && record.end - piece.start > PIECE_BYTES) {
      yield piece;
      piece = undefined;
    }
    piece ??= { start: record.end - record.byteLength, end: 0, records: [] };
    piece.end = record.end;
    piece.records.push(record);
  }
  if (piece !== undefined) yield piece;
}
