import type { ProgressEvent } from './progress.ts';

/** As often as an eye follows a bar. */
const INTERVAL_MS = 100;

/** Lets one progress figure through per interval, the last one of each track or output, and every other event. */
export function throttled(tell: (event: ProgressEvent) => void): (event: ProgressEvent) => void {
  let nextMs = 0;
  return (event) => {
    if (event.type !== 'scan-progress' && event.type !== 'output-progress') return tell(event);
    const now = performance.now();
    if (now < nextMs && event.bytes < event.totalBytes) return;
    nextMs = now + INTERVAL_MS;
    tell(event);
  };
}
