import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ATTEMPT_STAGES,
  type DerivedRecording,
  END_STATES,
  type Fact,
  type FactBody,
  RECORDING_STATES,
  recordingState,
} from '../src/index.ts';
import { EGRESS, fact, ready, started, stopped, WHOLE } from './builders/facts.ts';

const OUTCOMES = ['stored', 'failed', 'given-up', 'handed-back', 'lost'] as const;

const worker = (atMs: number, body: FactBody) => fact(WHOLE, atMs, body);
const began = (attempt: number, atMs = 10_000 + attempt * 100) =>
  worker(atMs, { kind: 'attempt-began', attempt, worker: `worker-${attempt}` });
const stage = (
  attempt: number,
  name: 'downloading' | 'processing' | 'storing',
  atMs = 10_010 + attempt * 100,
) => worker(atMs, { kind: 'attempt-stage', attempt, stage: name });
const ended = (
  attempt: number,
  outcome: (typeof OUTCOMES)[number],
  more: { cause?: 'network' | 'damaged' | 'lost'; message?: string; retryAtMs?: number } = {},
) => worker(10_050 + attempt * 100, { kind: 'attempt-ended', attempt, outcome, ...more });
const outputs = (attempt: number) =>
  worker(10_040 + attempt * 100, {
    kind: 'outputs-stored',
    attempt,
    destination: 's3://bucket/calls',
    files: 4,
    bytes: 1000,
    manifest: 's3://bucket/calls/manifest.json',
  });
const retry = (request: number, afterAttempt: number, atMs = 20_000) =>
  fact(WHOLE, atMs, { kind: 'retry-requested', request, afterAttempt });
const cancelled = (request: number, atMs = 20_000) => fact(WHOLE, atMs, { kind: 'cancelled', request });
const expired = (atMs = 15_000) => fact(WHOLE, atMs, { kind: 'expired' });
const recordingFailed = fact(EGRESS, 6000, { kind: 'recording-failed' });
const ignored = fact(WHOLE, 9001, { kind: 'ignored', why: 'no outputs for call type dev' });

interface Row {
  readonly name: string;
  readonly facts: readonly Fact[];
  readonly becomes: Partial<DerivedRecording>;
}

/** Every history that a service can write, and what it means. */
const ROWS: readonly Row[] = [
  { name: 'nothing', facts: [], becomes: { state: 'recording', attempt: 0 } },
  { name: 'started', facts: [started()], becomes: { state: 'recording', sinceMs: 1000 } },
  {
    name: 'asked to stop',
    facts: [started(), fact(EGRESS, 4000, { kind: 'stop-requested' })],
    becomes: { state: 'stopping', sinceMs: 4000 },
  },
  { name: 'stopped', facts: [started(), stopped()], becomes: { state: 'awaiting', sinceMs: 5000 } },
  { name: 'stopped, start unheard of', facts: [stopped()], becomes: { state: 'awaiting' } },
  {
    name: 'failed at Stream',
    facts: [started(), recordingFailed],
    becomes: {
      state: 'failed',
      failure: { kind: 'recording', message: 'Stream says that the recording failed' },
    },
  },
  {
    name: 'failed at Stream, and there is a file',
    facts: [started(), recordingFailed, ready()],
    becomes: { state: 'queued', failure: undefined },
  },
  { name: 'ready', facts: [started(), stopped(), ready()], becomes: { state: 'queued', sinceMs: 9000 } },
  { name: 'ready alone', facts: [ready()], becomes: { state: 'queued' } },
  { name: 'ready, of no interest', facts: [ready(), ignored], becomes: { state: 'ignored' } },
  {
    name: 'ready, of no interest, wanted by a person',
    facts: [ready(), ignored, retry(1, 0)],
    becomes: { state: 'queued', request: 1 },
  },
  {
    name: 'taken up',
    facts: [ready(), began(1)],
    becomes: { state: 'downloading', attempt: 1, worker: 'worker-1' },
  },
  {
    name: 'at work',
    facts: [ready(), began(1), stage(1, 'downloading'), stage(1, 'processing')],
    becomes: { state: 'processing', attempt: 1 },
  },
  {
    name: 'outputs are being stored',
    facts: [ready(), began(1), stage(1, 'storing'), stage(1, 'processing')],
    becomes: { state: 'storing' },
  },
  {
    name: 'stored',
    facts: [ready(), began(1), outputs(1), ended(1, 'stored')],
    becomes: { state: 'done', attempt: 1, outputs: expect.objectContaining({ files: 4 }) },
  },
  {
    name: 'failed, to be tried again',
    facts: [ready(), began(1), ended(1, 'failed', { cause: 'network', message: 'reset', retryAtMs: 12_000 })],
    becomes: {
      state: 'queued',
      attempt: 1,
      retryAtMs: 12_000,
      failure: { kind: 'network', message: 'reset' },
      failures: { network: 1 },
    },
  },
  {
    name: 'failed, lost, handed back, and taken up again',
    facts: [
      ready(),
      began(1),
      ended(1, 'failed', { cause: 'network' }),
      began(2),
      ended(2, 'lost', { cause: 'lost' }),
      began(3),
      ended(3, 'handed-back'),
      began(4),
    ],
    becomes: { state: 'downloading', attempt: 4, failures: { network: 1, lost: 1 } },
  },
  {
    name: 'given up',
    facts: [ready(), began(1), ended(1, 'given-up', { cause: 'damaged', message: 'no directory' })],
    becomes: { state: 'failed', failure: { kind: 'damaged', message: 'no directory' } },
  },
  {
    name: 'given up, and asked for again',
    facts: [ready(), began(1), ended(1, 'given-up', { cause: 'damaged' }), retry(1, 1)],
    becomes: { state: 'queued', attempt: 1, request: 1, failures: {}, sinceMs: 20_000 },
  },
  {
    name: 'done, and asked for again',
    facts: [ready(), began(1), outputs(1), ended(1, 'stored'), retry(1, 1)],
    becomes: { state: 'queued', outputs: undefined },
  },
  {
    name: 'done a second time',
    facts: [
      ready(),
      began(1),
      outputs(1),
      ended(1, 'stored'),
      retry(1, 1),
      began(2),
      outputs(2),
      ended(2, 'stored'),
    ],
    becomes: { state: 'done', attempt: 2 },
  },
  { name: 'cancelled', facts: [ready(), cancelled(1)], becomes: { state: 'cancelled', request: 1 } },
  {
    name: 'cancelled while at work',
    facts: [ready(), began(1), stage(1, 'processing'), cancelled(1)],
    becomes: { state: 'cancelled' },
  },
  {
    name: 'cancelled, and asked for again by a clock that is behind',
    facts: [ready(), cancelled(1, 20_000), retry(2, 0, 19_000)],
    becomes: { state: 'queued', request: 2 },
  },
  { name: 'expired', facts: [ready(), expired()], becomes: { state: 'expired', sinceMs: 15_000 } },
  {
    name: 'expired after an attempt found no file',
    facts: [ready(), began(1), ended(1, 'given-up', { cause: 'network' }), expired()],
    becomes: { state: 'expired' },
  },
  {
    name: 'expired, and a newer link',
    facts: [ready(), expired(), ready(WHOLE, { url: 'https://recordings.example/rec_1.zip?sig=2' }, 16_000)],
    becomes: {
      state: 'queued',
      link: expect.objectContaining({ url: 'https://recordings.example/rec_1.zip?sig=2' }),
    },
  },
  {
    name: 'expired, and asked for again',
    facts: [ready(), expired(), retry(1, 0)],
    becomes: { state: 'queued' },
  },
  {
    name: 'expired, asked for again, expired again',
    facts: [ready(), expired(), retry(1, 0), expired(30_000)],
    becomes: { state: 'expired' },
  },
  {
    name: 'done, whatever expired',
    facts: [ready(), began(1), outputs(1), ended(1, 'stored'), expired()],
    becomes: { state: 'done' },
  },
];

/** With what is absent as `undefined`, so that a row can ask for it. */
const whole = (derived: DerivedRecording) => ({ failure: undefined, outputs: undefined, ...derived });

describe('what facts mean', () => {
  test.each(ROWS)('$name', ({ facts, becomes }) => {
    expect(whole(recordingState(facts))).toMatchObject(becomes);
  });
});

/** A history as a service writes it: attempts one after the other, requests only when there is something to ask for. */
const histories: fc.Arbitrary<readonly Fact[]> = fc
  .record({
    begins: fc.subarray([started(), fact(EGRESS, 4000, { kind: 'stop-requested' }), stopped()]),
    isFailedAtStream: fc.boolean(),
    isReady: fc.boolean(),
    isIgnored: fc.boolean(),
    steps: fc.array(
      fc.oneof(
        fc.constantFrom(...OUTCOMES, 'running').map((outcome) => ({
          outcome,
          stages: 0,
        })),
        fc.record({ outcome: fc.constant('stages'), stages: fc.integer({ min: 0, max: 3 }) }),
        fc.constantFrom('cancel', 'expire', 'renew').map((outcome) => ({ outcome, stages: 0 })),
      ),
      { maxLength: 7 },
    ),
  })
  .map(({ begins, isFailedAtStream, isReady, isIgnored, steps }) => {
    if (!isReady) return isFailedAtStream ? [...begins, recordingFailed] : begins;
    const facts: Fact[] = [...begins, ready(), ...(isIgnored ? [ignored] : [])];
    for (const [index, step] of steps.entries()) facts.push(...next(facts, step, 100_000 + index * 1000));
    return facts;
  });

interface Step {
  readonly outcome: string;
  readonly stages: number;
}

/** What comes to pass after these facts, if it is to be this step: otherwise what leads on from where they are. */
function next(facts: readonly Fact[], { outcome, stages }: Step, clock: number): readonly Fact[] {
  const { state, attempt: last, request } = recordingState(facts);
  if (state === 'expired' && outcome === 'renew')
    return [ready(WHOLE, { url: `https://recordings.example/${clock}` }, clock)];
  if (END_STATES.has(state)) return [retry(request + 1, last, clock)];
  if (state !== 'queued')
    return [
      worker(clock, {
        kind: 'attempt-ended',
        attempt: last,
        outcome: 'lost',
        cause: 'lost',
        message: 'gone',
      }),
    ];
  if (outcome === 'cancel') return [cancelled(request + 1, clock)];
  if (outcome === 'expire') return [expired(clock)];
  const attempt = last + 1;
  const ending = OUTCOMES.find((known) => known === outcome);
  return [
    began(attempt, clock),
    ...ATTEMPT_STAGES.slice(0, stages).map((name) => stage(attempt, name, clock + 1)),
    ...(ending === 'stored' ? [outputs(attempt)] : []),
    ...(ending ? [ended(attempt, ending, ending === 'failed' ? { cause: 'network' } : {})] : []),
  ];
}

/** How far a recording has come, so that two answers can be compared: by link, request, attempt, then the way through an attempt. */
function progressOf({ state, attempt, request, link }: DerivedRecording): readonly number[] {
  const order = RECORDING_STATES.indexOf(state);
  // Queued after an attempt is later than any step of that attempt.
  const withinAttempt = state === 'queued' && attempt > 0 ? RECORDING_STATES.indexOf('storing') + 0.5 : order;
  const isEnd = END_STATES.has(state) ? 1 : 0;
  return [link?.atMs ?? 0, request, attempt, isEnd, withinAttempt];
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function permutationsOf<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutationsOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

describe('the state depends on the set of facts alone', () => {
  test('order: every permutation of every short history in the table', () => {
    for (const { facts, becomes } of ROWS.filter((row) => row.facts.length <= 6)) {
      for (const permutation of permutationsOf(facts))
        expect(whole(recordingState(permutation))).toMatchObject(becomes);
    }
  });

  test('order: any history, shuffled, gives all of the same answer', () => {
    fc.assert(
      fc.property(
        histories.chain((facts) =>
          fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts], { minLength: facts.length })),
        ),
        ([facts, shuffled]) => {
          expect(recordingState(shuffled)).toEqual(recordingState(facts));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('repetition: any fact any number of times changes nothing', () => {
    fc.assert(
      fc.property(
        histories.chain((facts) =>
          fc.tuple(fc.constant(facts), fc.array(fc.constantFrom(started(), ...facts), { maxLength: 20 })),
        ),
        ([facts, again]) => {
          const repeated = [...facts, ...again.filter((one) => facts.includes(one))];
          expect(recordingState(repeated)).toEqual(recordingState(facts));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('omission: what is not known leaves a recording where it was, or earlier, never later', () => {
    fc.assert(
      fc.property(
        histories.chain((facts) => fc.tuple(fc.constant(facts), fc.subarray([...facts]))),
        ([facts, some]) => {
          const all = progressOf(recordingState(facts));
          expect(compare(progressOf(recordingState(some)), all)).toBeLessThanOrEqual(0);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('with a ready fact, whatever else of the recording itself was heard of changes nothing', () => {
    fc.assert(
      fc.property(histories, fc.subarray([started(), stopped(), recordingFailed]), (facts, heard) => {
        const known = facts.filter(({ kind }) => kind.startsWith('attempt') || kind === 'outputs-stored');
        const { state } = recordingState([ready(), ...known]);
        expect(recordingState([ready(), ...known, ...heard]).state).toBe(state);
      }),
      { numRuns: 500 },
    );
  });

  test('done is never said without outputs that were stored and not asked for again', () => {
    fc.assert(
      fc.property(
        histories.chain((facts) => fc.subarray([...facts])),
        (facts) => {
          const retriedAfter = Math.max(
            0,
            ...facts.map((one) => (one.kind === 'retry-requested' ? one.afterAttempt : 0)),
          );
          const isStored = facts.some((one) => one.kind === 'outputs-stored' && one.attempt > retriedAfter);
          expect(recordingState(facts).state === 'done').toBe(isStored);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
