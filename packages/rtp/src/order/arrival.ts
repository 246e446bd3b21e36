import type { AudioLevel, Rotation } from './media-packet.ts';

/** A packet of the followed stream with its place in the order of sequence numbers. */
export interface Arrival {
  /** Unwrapped. */
  readonly sequence: number;
  /** 32 bits, as on the wire. */
  readonly timestamp: number;
  readonly receivedMs: number;
  readonly marker: boolean;
  /** Undefined for what only takes up a sequence number: padding, FEC, comfort noise. */
  payload: Uint8Array | undefined;
  readonly rotation: Rotation | undefined;
  readonly audioLevel: AudioLevel | undefined;
  /** Recovered or overtaken: its receive time says nothing about when its turn was. */
  readonly detoured: boolean;
}
