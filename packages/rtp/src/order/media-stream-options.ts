import type { Codec } from '../codec.ts';
import type { SessionDescription } from '../sdp/session-description.ts';

export interface MediaStreamOptions {
  /** Names the payload types, RTX, RED and the header extensions. Without it the majority of packets decides. */
  readonly description?: SessionDescription | undefined;
  readonly codec: Codec;
  /** Ticks per second of the RTP timestamps: 48000 for Opus, 90000 for video. */
  readonly clockRate: number;
  /** A run ends where RTP time and receive time differ by more than this from one packet to the next. Default: 20,000 ms. */
  readonly jumpMs?: number | undefined;
  /** How long a missing packet is waited for, in receive time. Default: 1000 ms. */
  readonly reorderWindowMs?: number | undefined;
  /** How many packets may wait behind a missing one. Default: 4096. */
  readonly reorderPackets?: number | undefined;
  /** How long the followed SSRC has to be silent before another one takes over. Default: 1000 ms. */
  readonly takeoverMs?: number | undefined;
}
