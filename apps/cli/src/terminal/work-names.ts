import type { Plan } from '@rawreel/processor';
import { type Label, label, outputLabel } from '../summary/output-label.ts';

export const scanKey = (track: number): string => `scan ${track}`;

/** By what is worked on: a track's scan, or a file. */
export function namesOf(plan: Plan): ReadonlyMap<string, string> {
  const named = ({ who, kind }: Label) => `${who} ${kind}`;
  return new Map([
    ...plan.tracks.map((track, number) => [scanKey(number), named(label(track))] as const),
    ...plan.outputs.map((planned) => [planned.file, named(outputLabel(planned, plan))] as const),
  ]);
}
