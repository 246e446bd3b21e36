import type { DerivedRecording } from './recording-state.ts';
import type { RecordingSummary } from './view.ts';

/** What is told of a recording: that it has come to an end, or that its link or file goes away soon and it is not done. */
export const NOTIFICATION_KINDS = ['done', 'failed', 'expired', 'expiring'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** Something that came true of a recording, once for each occasion. */
export interface Notification {
  /** The same whenever it is told again: receivers go by it to take it once. */
  readonly id: string;
  readonly kind: NotificationKind;
  /** When it came true, in milliseconds since 1970. */
  readonly atMs: number;
  /** As it was then. */
  readonly recording: RecordingSummary;
}

export interface Occasion {
  readonly kind: NotificationKind;
  /** What tells it apart from others of its kind: a recording that is retried may be done twice. */
  readonly name: string;
}

/** The end that a recording has come to and was not at before. One that is gone is not gone once more, whoever says so again. */
export function newEnd(before: DerivedRecording | null, now: DerivedRecording): Occasion | undefined {
  const end = endOf(now);
  const earlier = before ? endOf(before) : undefined;
  if (end === undefined || end.kind !== earlier?.kind) return end;
  return end.kind === 'expired' || end.name === earlier.name ? undefined : end;
}

function endOf({ state, sinceMs, endedBy }: DerivedRecording): Occasion | undefined {
  switch (state) {
    case 'done':
    case 'failed':
      // What Stream could not record has no attempt.
      return { kind: state, name: `attempt ${endedBy ?? 0}` };
    case 'expired':
      return { kind: state, name: `at ${sinceMs}` };
    default:
      return undefined;
  }
}

export const expiringAt = (expiresAtMs: number): Occasion => ({
  kind: 'expiring',
  name: `at ${expiresAtMs}`,
});
