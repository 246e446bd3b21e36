import type { ProgressEvent } from './progress.ts';

/** As often as an eye follows a bar. */
const INTERVAL_MS = 100;

/** Lets one progress figure through per interval and stage, and every other event. */
export function throttled(tell: (event: ProgressEvent) => void): (event: ProgressEvent) => void {
  let stage = '';
  let nextMs = 0;
  return (event) => {
    if (event.type !== 'track-progress') return tell(event);
    const now = performance.now();
    if (event.stage === stage && now < nextMs && event.bytes < event.totalBytes) return;
    stage = event.stage;
    nextMs = now + INTERVAL_MS;
    tell(event);
  };
}
