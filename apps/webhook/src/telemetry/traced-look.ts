import type { Look, WatchLook } from '../reconcile/look.ts';
import { withSpan } from './with-span.ts';

export interface LookEnd {
  readonly apiKey: string;
  readonly breadth: Look['breadth'];
  readonly seconds: number;
  /** Undefined: it failed. */
  readonly look: Look | undefined;
}

/** A span for each look of the reconciler; `onEnd` is told what came of it. */
export function tracedLook(onEnd: (end: LookEnd) => void): WatchLook {
  return (about, look) => {
    const attributes = { 'rawreel.app': about.apiKey, 'rawreel.breadth': about.breadth };
    return withSpan('rawreel.look', attributes, async (span) => {
      const begunAt = performance.now();
      let done: Look | undefined;
      try {
        done = await look();
        const { calls, found, renewed, expired, failed } = done;
        span.setAttributes({
          'rawreel.calls': calls,
          'rawreel.calls.failed': failed.length,
          'rawreel.recordings.found': found,
          'rawreel.recordings.renewed': renewed,
          'rawreel.recordings.expired': expired,
        });
        return done;
      } finally {
        onEnd({ ...about, seconds: (performance.now() - begunAt) / 1000, look: done });
      }
    });
  };
}
