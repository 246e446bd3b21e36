/** What Stream calls a track, and what is in it. */
export const TRACK_TYPES = {
  TRACK_TYPE_AUDIO: { kind: 'audio', screenshare: false },
  TRACK_TYPE_VIDEO: { kind: 'video', screenshare: false },
  TRACK_TYPE_SCREEN_SHARE: { kind: 'video', screenshare: true },
  TRACK_TYPE_SCREEN_SHARE_AUDIO: { kind: 'audio', screenshare: true },
} as const;

export type TrackType = keyof typeof TRACK_TYPES;
export type TrackKind = (typeof TRACK_TYPES)[TrackType]['kind'];

/**
 * The type that the metadata states, else the one of the list it stands in. What is played in a shared screen was seen
 * under the screen's type.
 *
 * @param stated with or without `TRACK_TYPE_`, in any case
 */
export function trackTypeOf(stated: string, list: TrackKind): TrackType {
  const spelt = stated.trim().toUpperCase();
  const type = typesInOrder.find((known) => known === spelt || known === `TRACK_TYPE_${spelt}`);
  if (type === 'TRACK_TYPE_SCREEN_SHARE' && list === 'audio') return 'TRACK_TYPE_SCREEN_SHARE_AUDIO';
  return type ?? (list === 'audio' ? 'TRACK_TYPE_AUDIO' : 'TRACK_TYPE_VIDEO');
}

const typesInOrder = Object.keys(TRACK_TYPES) as TrackType[];
