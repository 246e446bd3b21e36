/** RTP's clock of Opus, whatever it is decoded to (RFC 7587 §4.1). */
export const TICKS_PER_MS = 48;

/** Samples per ms of what is mixed, unless it is for speech recognition. */
export const SAMPLES_PER_MS = 48;

export const SAMPLE_RATE = 48_000;

/** Hz of what is mixed, which Opus is decoded to. */
export type SampleRate = 16_000 | typeof SAMPLE_RATE;

/** One Opus packet on the mix's clock. */
export interface MixPacket {
  /** From the mix's zero to its first sample, call-clock ms; rises within a track. */
  readonly atMs: number;
  /** Call-clock ms that one ms of its media takes: 1 plus the drift. */
  readonly rate: number;
  readonly bytes: Uint8Array;
  /** Packets missing directly before it. */
  readonly lossBefore: number;
  /** It goes on from the packet before it in the same stream: time between them is DTX or loss, not a mute. */
  readonly continues: boolean;
  /** How quiet the sender says that it is (RFC 6464 §3): −dBov, 127 is digital silence. */
  readonly level?: number | undefined;
}

/** Decoded sound in its place: `at` is the sample of the mix that the first of each channel falls on. */
export interface Sound {
  readonly at: number;
  readonly channels: readonly Float32Array[];
}
