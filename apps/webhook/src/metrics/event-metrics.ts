import { Counter, type Registry } from 'prom-client';
import type { Answer } from '../http/answers.ts';
import { EVENT_TYPES } from '../receive/recording-event.ts';

export function eventMetrics(registry: Registry) {
  const events = new Counter({
    name: 'rawreel_events_total',
    help: 'Events that were answered, by type (none: not known to be Stream’s), status and code of the answer',
    labelNames: ['type', 'status', 'code'],
    registers: [registry],
  });
  return {
    answered({ status, code, event }: Pick<Answer, 'status' | 'code' | 'event'>): void {
      events.inc({ type: typeLabel(event?.type), status, code });
    },
  };
}

/** Types are foreign text, and each value of a label is a series for ever. */
function typeLabel(type: string | undefined): string {
  if (type === undefined) return 'none';
  return EVENT_TYPES.has(type) ? type : 'other';
}
