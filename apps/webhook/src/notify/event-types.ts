import type { NotificationKind } from '@rawreel/jobs';

/** What a webhook is called by what it tells. */
export const EVENT_TYPES = {
  done: 'recording.done',
  failed: 'recording.failed',
  expired: 'recording.expired',
  expiring: 'recording.expiring',
} as const satisfies Record<NotificationKind, string>;

export type EventType = (typeof EVENT_TYPES)[NotificationKind];
