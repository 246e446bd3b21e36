/** Degrees that a receiver turns the picture clockwise before showing it (3GPP TS 26.114, CVO). */
export type Rotation = 0 | 90 | 180 | 270;

/** How loud the sender found what a packet carries (RFC 6464 §3). */
export interface AudioLevel {
  /** Decibels below the loudest there can be (-dBov): 0 is as loud as can be, 127 is silence or as good as that. */
  readonly level: number;
  /** The sender takes it for speech; senders that cannot tell always or never set it. */
  readonly voice: boolean;
}

/**
 * One packet of the followed media stream, in sequence order, as depacketizers take it.
 * RTX, RED and FEC are already resolved, padding and strangers already gone.
 */
export interface MediaPacket {
  /** The run it belongs to, counted from 0: one SSRC without a reset of sequence numbers or timestamps. */
  readonly run: number;
  /** Sequence number, unwrapped within its run. */
  readonly sequence: number;
  /** RTP timestamp in ticks of the media clock, unwrapped within its run; equals the wire value modulo 2^32 unless `restamped`. */
  readonly rtpTicks: number;
  /**
   * Receive time: milliseconds since the start that the rtpdump header names. Where it could not be, and the timestamp is
   * that of the packet before, that of an earlier packet.
   */
  readonly receivedMs: number;
  readonly marker: boolean;
  /** The codec's payload: without RTP header, extensions and padding; never empty. A view, not a copy. */
  readonly payload: Uint8Array;
  /** Packets missing directly before this one; 0 at the start of a run. */
  readonly lossBefore: number;
  /**
   * On the first packet of a run that only a jump of the clock began: no packet is missing before it, so a decoder
   * goes on from the run before without a key frame.
   */
  readonly continuesDecoding?: true;
  /** Its timestamp or its receive time could not be, though its sequence number could: both are between its neighbours'. */
  readonly restamped?: true;
  /** Video orientation, on packets that carry it. */
  readonly rotation?: Rotation;
  /** On packets that carry it; not on those that came as a redundant block of another one (RFC 2198). */
  readonly audioLevel?: AudioLevel;
}
