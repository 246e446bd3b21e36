import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { FileSink } from '@rawreel/matroska';
import { createDepacketizer, type Depacketizer, type MediaPacket } from '@rawreel/rtp';
import { diskFull } from '../disk-full.ts';
import type { PlannedTrack } from '../plan/plan.ts';
import type { CopiedFrames } from '../read/copied-frames.ts';
import { CopiedFramesWriter } from '../read/copied-frames-writer.ts';
import { formatParameters } from '../read/dump-packets.ts';
import { hasRoomFor } from '../read/spool.ts';
import { countsOf } from '../read/why-no-frame.ts';
import type { ScanTap } from '../scan/scan-track.ts';

/**
 * The frames of a video track, copied while it is scanned for those who want nothing else of it: they need not parse its packets
 * again. Given up where packets part into runs, of which only the solve knows whether they go on from each other.
 */
export class FrameCopy implements ScanTap, Disposable {
  readonly #path: string;
  readonly #depacketizer: Depacketizer;
  readonly #bytes: FileSink;
  readonly #records: CopiedFramesWriter;
  #end = 0;
  #isLost = false;
  #isWhole = false;

  /** Undefined where there is nothing to copy, or no room for it. */
  static of({ kind, segments }: PlannedTrack, path: string): FrameCopy | undefined {
    const [segment, ...others] = segments;
    if (kind !== 'video' || others.length > 0) return undefined;
    const { dump, codec, sdp } = segment ?? {};
    if (dump === undefined || codec === undefined || !hasRoomFor(dump.size, dirname(path))) return undefined;
    return new FrameCopy(createDepacketizer(codec, { fmtp: formatParameters(codec, sdp) }), path);
  }

  private constructor(depacketizer: Depacketizer, path: string) {
    this.#path = path;
    this.#depacketizer = depacketizer;
    this.#bytes = FileSink.open(path, { exclusive: true });
    this.#records = new CopiedFramesWriter(indexOf(path));
  }

  packet(packet: MediaPacket): void {
    if (packet.run > 0) this.#isLost = true;
    if (!this.#isLost) this.#depacketizer.push(packet);
  }

  chunk(): void {
    if (!this.#isLost) this.#unlessFull(() => this.#write());
  }

  /** Undefined where the track has to be read again. */
  finish(): CopiedFrames | undefined {
    return this.#isLost ? undefined : this.#unlessFull(() => this.#finish());
  }

  #finish(): CopiedFrames | undefined {
    this.#depacketizer.flush();
    this.#write();
    this.#bytes.close();
    const found = this.#records.finish();
    this.#isWhole = found !== undefined;
    return found && { ...found, path: this.#path, counts: countsOf(this.#depacketizer) };
  }

  #write(): void {
    for (let frame = this.#depacketizer.pull(); frame !== undefined; frame = this.#depacketizer.pull()) {
      for (const bytes of frame.chunks) this.#bytes.write(bytes);
      this.#end += frame.byteLength;
      this.#records.note(frame, this.#end);
    }
  }

  /** A copy only saves time. */
  #unlessFull<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      if (diskFull(error, this.#path) === undefined) throw error;
      this.#isLost = true;
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#bytes.discard();
    this.#records[Symbol.dispose]();
    if (!this.#isWhole) for (const lost of [this.#path, indexOf(this.#path)]) rmSync(lost, { force: true });
  }
}

const indexOf = (path: string): string => `${path}.index`;
