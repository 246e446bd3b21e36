import type { Codec, SessionDescription } from '@rawreel/rtp';
import { blankRecord } from './blank-record.ts';

/** Blanks records, and gives them out in their order as soon as they may be written. */
export interface BlankedRecords {
  /** @param packet in the record; both are changed, and kept until they are given out */
  push(record: Buffer, packet: Buffer): void;
  take(): Buffer;
  /** The same, and no more comes. */
  flush(): Buffer;
}

/** Each by itself. */
export class PlainRecords implements BlankedRecords {
  readonly #codec: Codec;
  readonly #description: SessionDescription | undefined;
  #records: Buffer[] = [];

  constructor(codec: Codec, description: SessionDescription | undefined) {
    this.#codec = codec;
    this.#description = description;
  }

  push(record: Buffer, packet: Buffer): void {
    blankRecord(packet, this.#codec, this.#description);
    this.#records.push(record);
  }

  take(): Buffer {
    const bytes = Buffer.concat(this.#records);
    this.#records = [];
    return bytes;
  }

  flush(): Buffer {
    return this.take();
  }
}
