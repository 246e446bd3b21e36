import type { TrackType } from '@rawreel/archive';

const KINDS: Readonly<Record<TrackType, string>> = {
  TRACK_TYPE_AUDIO: 'audio',
  TRACK_TYPE_VIDEO: 'video',
  TRACK_TYPE_SCREEN_SHARE: 'screen',
  TRACK_TYPE_SCREEN_SHARE_AUDIO: 'screen audio',
};

/** What a person calls a track of this type. */
export function kindName(trackType: string, otherwise: string): string {
  return KINDS[trackType as TrackType] ?? otherwise;
}

/** `video/VP8` as `vp8`. */
export function codecName(mimeType: string): string {
  return mimeType.replace(/^.*\//, '').toLowerCase();
}
