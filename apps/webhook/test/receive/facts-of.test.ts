import { describe, expect, test } from 'vitest';
import { readEvent } from '../../src/receive/event.ts';
import { factsOf } from '../../src/receive/facts-of.ts';
import { isRefusal } from '../../src/receive/refusal.ts';
import { bytesOf, EGRESS_ID, FILENAME, KEY, lifeEvent, readyEvent, SESSION_ID } from '../builders/events.ts';

const RECEIVED_MS = 1_800_000_000_000;
const SOURCE = { by: 'webhook', id: 'w1' } as const;

function facts(event: unknown) {
  const received = readEvent(bytesOf(event), { apiKey: KEY });
  if (isRefusal(received)) throw new Error(received.message);
  return factsOf(received, SOURCE, RECEIVED_MS);
}

describe('facts of events', () => {
  test.each([
    ['started', 'started'],
    ['stopped', 'stopped'],
    ['failed', 'recording-failed'],
  ] as const)('recording_%s: %s', (what, kind) => {
    expect(facts(lifeEvent(what))).toEqual([
      {
        kind,
        callCid: 'default:standup',
        egressId: EGRESS_ID,
        atMs: Date.UTC(2026, 10, 26, 23, 33, 30, 123),
        source: SOURCE,
      },
    ]);
  });

  test('recording_ready has both names of the recording, its link and its times', () => {
    expect(facts(readyEvent())).toEqual([
      {
        kind: 'ready',
        callCid: 'default:standup',
        egressId: EGRESS_ID,
        sessionId: SESSION_ID,
        filename: FILENAME,
        url: 'https://recordings.example/rec.zip?Expires=1796945610',
        startMs: Date.UTC(2026, 10, 26, 23, 33, 30),
        endMs: Date.UTC(2026, 10, 26, 23, 34, 30, 500),
        expiresAtMs: 1_796_945_610_000,
        atMs: Date.UTC(2026, 10, 26, 23, 40),
        source: SOURCE,
      },
    ]);
  });

  test('times as nanoseconds, as Stream’s other services write them', () => {
    const [fact] = facts(
      readyEvent({ created_at: 1_795_736_400_000_000_000 }, { start_time: 1_795_736_010_000_000_000 }),
    );
    expect(fact).toMatchObject({ atMs: 1_795_736_400_000, startMs: 1_795_736_010_000 });
  });

  test.each<[string, unknown]>([
    ['absent', undefined],
    ['null', null],
  ])('created_at %s: the time of arrival stands for it, so that nothing is lost', (_what, created_at) => {
    expect(facts(lifeEvent('started', { created_at }))).toMatchObject([{ atMs: RECEIVED_MS }]);
  });

  test('a ready event needs no egress id: session and file name are names enough', () => {
    for (const egress_id of [undefined, null]) {
      expect(facts(readyEvent({ egress_id }))).toMatchObject([{ egressId: undefined, filename: FILENAME }]);
    }
  });

  test('a ready event whose type only its recording has', () => {
    expect(facts(readyEvent({ recording_type: undefined }))).toHaveLength(1);
    expect(facts(readyEvent({ recording_type: undefined }, { recording_type: 'composite' }))).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['a composite recording', lifeEvent('started', { recording_type: 'composite' })],
    ['an individual recording, one of many files', readyEvent({ recording_type: 'individual' })],
    ['a recording of a type that may come', lifeEvent('stopped', { recording_type: 'holographic' })],
    ['a composite recording without anything', { type: 'call.recording_ready', recording_type: 'composite' }],
    ['a recording of no type', lifeEvent('started', { recording_type: undefined })],
    [
      'a session that ended',
      { type: 'call.session_ended', call_cid: 'default:standup', session_id: SESSION_ID },
    ],
    ['a call that ended', { type: 'call.ended', call_cid: 'default:standup' }],
    ['a type that may come', { type: 'call.recording_paused', recording_type: 'raw' }],
  ])('none of %s', (_what, event) => {
    expect(facts(event)).toEqual([]);
  });
});
