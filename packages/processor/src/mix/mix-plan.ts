import { checkPerUser } from '../plan/mix-layouts.ts';
import type { MixFormat, MixLayout } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import { commonEndOf } from '../read/common-zero.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { type TrackGate, trackGate } from './gate.ts';
import { SAMPLE_RATE, type SampleRate } from './mix-source.ts';

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
  readonly sampleRate: SampleRate;
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
    endUnixMs,
    isFilledUp,
    sampleRate: wished = SAMPLE_RATE,
    gateDbov,
  }: {
    format: MixFormat;
    layout: MixLayout;
    zeroUnixMs: number;
    endUnixMs?: number | undefined;
    isFilledUp?: boolean | undefined;
    sampleRate?: SampleRate | undefined;
    gateDbov?: number | undefined;
  },
): MixPlan {
  const heard = tracks.filter(({ codec }) => codec === 'opus');
  if (heard.length === 0)
    throw new ProcessorError('ERR_NOTHING_TO_EXTRACT', 'there is nothing to mix: no track has sound', {
      hint: 'Select others: rawreel list-tracks names all.',
    });
  const sampleRate = format === 'wav' ? SAMPLE_RATE : wished;
  const endMs = soundEndOf(heard, { zeroUnixMs, endUnixMs, isFilledUp });
  const samples = Math.max(0, Math.ceil((endMs - zeroUnixMs) * (sampleRate / 1000)));
  const gate = () => (gateDbov === undefined ? undefined : trackGate(gateDbov));
  if (layout !== 'per-user') {
    const into = layout === 'mono' ? [0] : [0, 1];
    const tracks = heard.map((placed) => ({ placed, into, gate: gate() }));
    return { tracks, channels: into.length, lanes: [into], users: [], samples, sampleRate };
  }
  const users = usersOf(heard);
  checkPerUser(format, users.length);
  return {
    tracks: heard.map((placed) => ({ placed, into: [users.indexOf(placed.track.userId)], gate: gate() })),
    channels: users.length,
    lanes: users.map((_, channel) => [channel]),
    users,
    samples,
    sampleRate,
  };
}

/** Unix ms where the sum of the tracks ends. */
export function soundEndOf(
  heard: readonly PlacedTrack[],
  { zeroUnixMs, endUnixMs = Number.POSITIVE_INFINITY, isFilledUp = false }: SoundWindow,
): number {
  return isFilledUp && Number.isFinite(endUnixMs)
    ? endUnixMs
    : Math.min(endUnixMs, commonEndOf(heard, zeroUnixMs));
}

interface SoundWindow {
  readonly zeroUnixMs: number;
  readonly endUnixMs?: number | undefined;
  readonly isFilledUp?: boolean | undefined;
}

/** Participants in the order in which a per-user layout gives them channels. */
export const usersOf = (tracks: readonly PlacedTrack[]): readonly string[] => [
  ...new Set(tracks.filter(({ codec }) => codec === 'opus').map(({ track }) => track.userId)),
];
