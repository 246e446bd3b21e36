import type { SeenRequest } from '@rawreel/stream-api';
import { onTestFinished, vi } from 'vitest';

/**
 * For the length of a test, lets each request that the stand-in leaves unanswered time out as soon as it was seen, as the SDK's own
 * signal does after its time. No other can: that time runs for all of them, and a machine may be too busy to answer within it.
 *
 * @returns the stand-in's `onRequest`
 */
export function timeOutUnanswered(): (request: SeenRequest) => void {
  const timers = new Map<string, AbortController>();
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const timer = new AbortController();
    timers.set(`${init.method} ${new URL(url).pathname}`, timer);
    return fetch(url, { ...init, signal: timer.signal });
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return ({ fault, method, path }) => {
    if (fault === 'timeout') timers.get(`${method} ${path}`)?.abort(new DOMException('late', 'TimeoutError'));
  };
}
