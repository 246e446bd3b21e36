import {
  blankPayload,
  type Codec,
  FEC_SCHEMES,
  type FecPacket,
  lateExtensions,
  parseRtpPacket,
  type SessionDescription,
} from '@rawreel/rtp';
import { blankRecord, codecOf } from './blank-record.ts';
import type { BlankedRecords } from './blanked-records.ts';
import { ScrubbedSource } from './scrubbed-source.ts';

/** FEC that waits for what it protects; records that wait behind it, and their octets. */
const MOST_PENDING = 64;
const MOST_RECORDS = 4096;
const MOST_BYTES = 8 * 1024 * 1024;
/** Layers of a camera that reconnects a few times. */
const MOST_SOURCES = 16;

interface Pending {
  readonly fec: FecPacket;
  readonly base: number;
  readonly source: ScrubbedSource;
}

interface QueuedRecord {
  readonly record: Buffer;
  pending: Pending | undefined;
}

/**
 * Blanks the records of a dump with forward error correction. What that protects with is the XOR of packets: of those that are
 * overwritten it would bring back noise, and the XOR with their originals would tell them. So it is computed anew, over all that it
 * protects as it is in the copy; of lost packets, over what it rebuilds of them. Where that is not to be had, it becomes zeros,
 * and brings back nothing there as here.
 *
 * A packet may come behind the FEC that protects it: records behind that wait, for so long as FEC is of use.
 */
export class ScrubbedFec implements BlankedRecords {
  readonly #codec: Codec;
  readonly #description: SessionDescription;
  readonly #sources = new Map<number, ScrubbedSource>();
  #ready: Buffer[] = [];
  /** Behind the first FEC that waits. */
  #queue: QueuedRecord[] = [];
  #queuedBytes = 0;

  constructor(codec: Codec, description: SessionDescription) {
    this.#codec = codec;
    this.#description = description;
  }

  /** Whether there may be any. */
  static isIn(description: SessionDescription | undefined): description is SessionDescription {
    return [...(description?.formats.values() ?? [])].some(({ name }) => FEC_SCHEMES.has(name.toLowerCase()));
  }

  push(record: Buffer, bytes: Buffer): void {
    this.#queue.push({ record, pending: this.#blank(bytes) });
    this.#queuedBytes += record.length;
    this.#settle();
    this.#release();
  }

  take(): Buffer {
    const bytes = Buffer.concat(this.#ready);
    this.#ready = [];
    return bytes;
  }

  flush(): Buffer {
    for (const each of this.#queue) giveUp(each);
    this.#release();
    return this.take();
  }

  /** @returns FEC that is to be computed anew */
  #blank(bytes: Buffer): Pending | undefined {
    const packet = parseRtpPacket(bytes);
    if (typeof packet === 'string') {
      blankRecord(bytes, this.#codec, this.#description);
      return undefined;
    }
    const { payloadType, payloadOffset, payloadEnd } = packet;
    const isRed = this.#roleOf(payloadType) === 'red';
    const inner = isRed ? (bytes[payloadOffset] ?? 0) : payloadType;
    const redBytes = isRed ? 1 : 0;
    const parse = FEC_SCHEMES.get(this.#description.formats.get(inner)?.name.toLowerCase() ?? '');
    if (parse !== undefined) {
      const payload = bytes.subarray(payloadOffset + redBytes, payloadEnd);
      const fec = parse(payload, packet);
      const pending = fec === undefined ? undefined : this.#pendingOf(fec, packet.ssrc);
      if (pending === undefined) payload.fill(0);
      return pending;
    }
    const original = packet.copy();
    blankRecord(bytes, this.#codec, this.#description);
    if (this.#roleOf(inner) === 'media') this.#sourceOf(packet.ssrc)?.hold(original, packet, redBytes);
    return undefined;
  }

  #pendingOf(fec: FecPacket, carrier: number): Pending | undefined {
    const [first] = this.#sources.values();
    // ULPFEC names no source: its own, or the one that there is.
    const source = this.#sources.get(fec.ssrc ?? carrier) ?? (fec.ssrc === undefined ? first : undefined);
    const base = source?.take(fec);
    return source === undefined || base === undefined ? undefined : { fec, base, source };
  }

  #settle(): void {
    const isFull = this.#queue.length > MOST_RECORDS || this.#queuedBytes > MOST_BYTES;
    const waiting = this.#queue.filter(({ pending }) => pending !== undefined);
    for (const [index, each] of waiting.entries()) {
      if (each.pending === undefined) continue;
      const { fec, base, source } = each.pending;
      if (source.knows(fec, base)) {
        source.recompute(fec, base);
        each.pending = undefined;
      } else if (source.hasForgotten(fec, base) || isFull || index < waiting.length - MOST_PENDING)
        giveUp(each);
    }
  }

  #release(): void {
    const until = this.#queue.findIndex(({ pending }) => pending !== undefined);
    for (const { record } of this.#queue.splice(0, until < 0 ? this.#queue.length : until)) {
      this.#ready.push(record);
      this.#queuedBytes -= record.length;
    }
  }

  #sourceOf(ssrc: number): ScrubbedSource | undefined {
    const known = this.#sources.get(ssrc);
    if (known !== undefined || this.#sources.size === MOST_SOURCES) return known;
    const source = new ScrubbedSource(
      ssrc,
      lateExtensions(this.#description.extensions),
      ({ payloadType }) => this.#roleOf(payloadType) === 'media',
      ({ payloadType, payload }) =>
        blankPayload(codecOf(payloadType, this.#codec, this.#description), payload),
    );
    this.#sources.set(ssrc, source);
    return source;
  }

  #roleOf(payloadType: number) {
    return this.#description.formats.get(payloadType)?.role;
  }
}

function giveUp(record: QueuedRecord): void {
  for (const { bytes } of record.pending?.fec.levels ?? []) bytes.fill(0);
  record.pending = undefined;
}
