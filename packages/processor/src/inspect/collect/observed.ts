import type { RunDelays } from './least-delays.ts';
import type { BurstCounts, LossBurst } from './loss-bursts.ts';
import type { PictureCounts } from './pictures.ts';
import type { SecondRows } from './seconds.ts';
import type { SoundCounts } from './sound.ts';
import type { SourceCounts, Stall } from './source-arrivals.ts';

/** One of the streams that a camera sent side by side. */
export interface ObservedLayer {
  readonly ssrc: number;
  readonly source: SourceCounts;
  readonly pictures: PictureCounts;
  readonly seconds: SecondRows;
}

/** What became of a dump's redundancy. */
export interface RepairCounts {
  readonly rtx: { readonly packets: number; readonly bytes: number; readonly repaired: number };
  readonly red: { readonly packets: number; readonly repaired: number };
  /** ULPFEC inside RED is counted here, and not as RED. */
  readonly fec: { readonly packets: number; readonly bytes: number; readonly repaired: number };
}

/** All that watching one dump has told: a plain value, times in ms from the recording's zero, by arrival. */
export interface ObservedDump {
  /** The segment's. */
  readonly base: string;
  /** One for each SSRC that was followed, or was a layer. */
  readonly sources: readonly SourceCounts[];
  readonly bursts: readonly BurstCounts[];
  readonly burstList: readonly LossBurst[];
  readonly stalls: readonly Stall[];
  readonly repairs: RepairCounts;
  /** RTCP records. */
  readonly reports: number;
  /** Packets that never came, by whatever way. */
  readonly unrepaired: number;
  readonly late: number;
  readonly malformed: number;
  readonly foreign: number;
  readonly padding: number;
  readonly sound: SoundCounts | undefined;
  /** Of several layers, those of the largest. */
  readonly pictures: PictureCounts | undefined;
  /** Simulcast only. */
  readonly layers: readonly ObservedLayer[];
  readonly seconds: SecondRows;
  readonly delays: readonly RunDelays[];
}
