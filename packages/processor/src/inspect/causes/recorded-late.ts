import { type CallMeasures, type Finding, sessionsOf } from './call-measures.ts';
import { count, span } from './words.ts';

/** A recorder that was there from the start needs less. */
const LEAST_MS = 10_000;

/** Who was there already appears at once; people who join do so one after another. */
const AT_ONCE_MS = 2000;

/** The call had begun, and several were in it, when the recording did. */
export function recordedLate({ tracks, callStartMs }: CallMeasures): Finding[] {
  if (callStartMs === undefined || callStartMs > -LEAST_MS) return [];
  const starting = sessionsOf(tracks).filter((session) =>
    session.some(({ segments }) => (segments[0]?.fromMs ?? Number.POSITIVE_INFINITY) <= AT_ONCE_MS),
  );
  const users = new Set(starting.flatMap(([first]) => first?.userId ?? [])).size;
  if (users < 2) return [];
  const beforeMs = -callStartMs;
  return [
    {
      cause: 'recorded-late',
      confidence: users > 2 ? 'high' : 'medium',
      trackIds: [],
      fromMs: 0,
      untilMs: 0,
      times: [{ fromMs: 0, untilMs: 0 }],
      evidence: { callBeganMsBefore: Math.round(beforeMs), presentAtOnce: users },
      sentence: `the recording begins in mid-call: the call was ${span(beforeMs)} old, and ${count(users, 'participant')} are there at once`,
    },
  ];
}
