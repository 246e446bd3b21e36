import { checkPerUser } from '../plan/mix-layouts.ts';
import type { MixFormat, MixLayout } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import { commonEndOf } from '../read/common-zero.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { type TrackGate, trackGate } from './gate.ts';
import { SAMPLES_PER_MS } from './mix-source.ts';

/** A track and the channels of the mix that it is heard on. */
export interface MixedTrack {
  readonly placed: PlacedTrack;
  readonly into: readonly number[];
  readonly gate?: TrackGate | undefined;
}

/** Which track is heard where. */
export interface MixPlan {
  readonly tracks: readonly MixedTrack[];
  readonly channels: number;
  /** Channels that one listener hears together: one limiter and one loudness for each. */
  readonly lanes: readonly (readonly number[])[];
  /** Of each channel where the layout is per user. */
  readonly users: readonly string[];
  readonly samples: number;
}

/**
 * @throws {ProcessorError} ERR_MIX_LAYOUT where the format cannot hold the layout, ERR_NOTHING_TO_EXTRACT where no track
 * is sound.
 */
export function planMix(
  tracks: readonly PlacedTrack[],
  {
    format,
    layout,
    zeroUnixMs,
    endUnixMs = Number.POSITIVE_INFINITY,
    gateDbov,
  }: {
    format: MixFormat;
    layout: MixLayout;
    zeroUnixMs: number;
    endUnixMs?: number | undefined;
    gateDbov?: number | undefined;
  },
): MixPlan {
  const heard = tracks.filter(({ codec }) => codec === 'opus');
  if (heard.length === 0)
    throw new ProcessorError('ERR_NOTHING_TO_EXTRACT', 'there is nothing to mix: no track has sound', {
      hint: 'Select others: rawreel list-tracks names all.',
    });
  const endMs = Math.min(endUnixMs, commonEndOf(heard, zeroUnixMs));
  const samples = Math.max(0, Math.ceil((endMs - zeroUnixMs) * SAMPLES_PER_MS));
  const gate = () => (gateDbov === undefined ? undefined : trackGate(gateDbov));
  if (layout !== 'per-user') {
    const into = layout === 'mono' ? [0] : [0, 1];
    const tracks = heard.map((placed) => ({ placed, into, gate: gate() }));
    return { tracks, channels: into.length, lanes: [into], users: [], samples };
  }
  const users = usersOf(heard);
  checkPerUser(format, users.length);
  return {
    tracks: heard.map((placed) => ({ placed, into: [users.indexOf(placed.track.userId)], gate: gate() })),
    channels: users.length,
    lanes: users.map((_, channel) => [channel]),
    users,
    samples,
  };
}

/** Participants in the order in which a per-user layout gives them channels. */
export const usersOf = (tracks: readonly PlacedTrack[]): readonly string[] => [
  ...new Set(tracks.filter(({ codec }) => codec === 'opus').map(({ track }) => track.userId)),
];
