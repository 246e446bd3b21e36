import type { InspectedTrack } from './inspection.ts';

/** What people call a track. */
export function nameOf({ kind, screenshare }: Pick<InspectedTrack, 'kind' | 'screenshare'>): string {
  if (screenshare) return kind === 'audio' ? 'sound of the shared screen' : 'shared screen';
  return kind === 'audio' ? 'microphone' : 'camera';
}
