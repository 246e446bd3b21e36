/** A packet that arrived. */
export interface Packet {
  readonly ssrc: number;
  /** As on the wire: 16 and 32 bits. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  /** Truth, ms since the call's beginning: when its first sample or its picture was captured, sent, and when it arrived. */
  readonly capturedMs: number;
  readonly sentMs: number;
  readonly arrivedMs: number;
  /** How long what is in it lasts; 0 for a picture. */
  readonly durationMs: number;
}

/** A sender report that arrived. */
export interface Report {
  readonly ssrc: number;
  readonly timestamp: number;
  /** The participant's clock, unix ms. */
  readonly ntpMs: number;
  /** Truth: what moment it is of, when it arrived, and by how much its pair is off. */
  readonly sentMs: number;
  readonly arrivedMs: number;
  readonly offByMs: number;
}

export interface Segment {
  /** In the order of sending. */
  readonly packets: readonly Packet[];
  readonly reports: readonly Report[];
}

export interface Track {
  readonly kind: 'audio' | 'video';
  readonly clockRate: number;
  readonly segments: readonly Segment[];
}

export interface Person {
  readonly tracks: readonly Track[];
}

export interface Call {
  /** True time of its beginning, unix ms. */
  readonly startUnixMs: number;
  readonly people: readonly Person[];
  /** The server's clock, unix ms, as it stood at a true moment. */
  readonly serverMs: (atMs: number) => number;
}
