import { firstIndex } from '../../first-index.ts';
import type { Span } from '../../plan/scene-list.ts';
import { tenths } from '../../tenths.ts';

/** The span of a list, in order and apart, that a moment is in. */
export function spanAt(spans: readonly Span[], atMs: number): Span | undefined {
  const span = lastBegun(spans, atMs);
  return span !== undefined && atMs < span.endMs ? span : undefined;
}

/** The last span that has begun by then. */
export function lastBegun(spans: readonly Span[], atMs: number): Span | undefined {
  return spans[firstIndex(spans.length, (index) => (spans[index]?.startMs ?? 0) > atMs) - 1];
}

/** Spans in any order → in order and apart; those that are less than `joinMs` apart are one. */
export function joined(spans: readonly Span[], joinMs: number): Span[] {
  const apart: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = apart.at(-1);
    if (last !== undefined && startMs - last.endMs < joinMs) last.endMs = Math.max(last.endMs, endMs);
    else apart.push({ startMs, endMs });
  }
  return apart;
}

/** What of the spans lies within a window, counted from its beginning in tenths of a millisecond. */
export function within(spans: readonly Span[], fromMs: number, toMs: number): Span[] {
  return spans.flatMap((span) => {
    const startMs = tenths(Math.max(span.startMs, fromMs) - fromMs);
    const endMs = tenths(Math.min(span.endMs, toMs) - fromMs);
    return endMs > startMs ? [{ startMs, endMs }] : [];
  });
}
