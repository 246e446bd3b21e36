import type { NotifyEvent } from '@rawreel/jobs';
import { EVENT_TYPES } from '../notify/event-types.ts';
import type { Log } from './log.ts';
import { shownSeconds } from './shown-times.ts';

/** Logs each webhook that was sent, and each that was not. */
export function logNotifications(log: Log): (event: NotifyEvent) => void {
  return (event) => {
    const { endpoint, attempt, answer, notification } = event;
    const { id, callCid } = notification.recording;
    const type = EVENT_TYPES[notification.kind];
    const about = {
      callCid,
      fields: { recording: id, endpoint, notification: notification.id, try: attempt },
    };
    switch (event.kind) {
      case 'delivered':
        log({ level: 'info', ...about, text: `${type} sent to ${endpoint}: ${answer}` });
        return;
      case 'failed': {
        const { againInMs } = event;
        const next = againInMs === undefined ? 'given up' : `tried again in ${shownSeconds(againInMs)}`;
        const level = againInMs === undefined ? 'error' : 'warn';
        log({ level, ...about, text: `${type} not delivered to ${endpoint}: ${answer}; ${next}` });
        return;
      }
      case 'disabled':
        log({
          level: 'error',
          ...about,
          text: `${endpoint} is disabled, ${event.why}; its webhooks are kept for two weeks, until it is enabled again`,
        });
        return;
      default:
        event satisfies never;
    }
  };
}
