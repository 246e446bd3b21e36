import type { Size, Span } from '../plan/scene-list.ts';

/** A stretch of a timeline, in pictures; of its media, too, for all of them begin at the timeline's zero. */
export interface Stretch {
  readonly from: number;
  /** The first picture that is not in it. */
  readonly to: number;
}

export interface TimelineTrack {
  readonly kind: 'video' | 'audio';
  /** `Alice`, `Alice (screen)`; `Alice 2` of her second camera. */
  readonly name: string;
  /** Name of its file, which lies beside the timeline. */
  readonly file: string;
  /** Length of the file, in pictures. */
  readonly length: number;
  /** Channels of its sound; 0 of a picture without any. */
  readonly channels: number;
  /** What of it is shown or heard, in order and apart; between them are gaps. */
  readonly clips: readonly Stretch[];
}

export interface TimelineMarker extends Stretch {
  readonly name: string;
  readonly kind: 'chapter' | 'camera-off' | 'away';
}

/** Who speaks; ms since the timeline's zero. */
export interface SpokenTurn extends Span {
  readonly name: string;
}

/** All that is told of a call's media to a program that cuts them: every format is written of this alone. */
export interface Timeline {
  readonly name: string;
  /** Pictures a second. */
  readonly fps: number;
  readonly size: Size;
  /** In pictures. */
  readonly length: number;
  readonly durationMs: number;
  /** Its zero, RFC 3339. */
  readonly startsAt: string;
  readonly madeBy: string;
  /** Pictures first, then sound, each in the order in which people came. */
  readonly tracks: readonly TimelineTrack[];
  /** In order. */
  readonly markers: readonly TimelineMarker[];
  readonly chapters: readonly { readonly startMs: number; readonly title: string }[];
  /** In the order of time. */
  readonly turns: readonly SpokenTurn[];
}
