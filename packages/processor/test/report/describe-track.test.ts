import { expect, test } from 'vitest';
import type { PlannedTrack } from '../../src/plan/plan.ts';
import { describeTrack, startOf, type WrittenTrack } from '../../src/report/describe-track.ts';
import { tenths } from '../../src/tenths.ts';

const ZERO = Date.UTC(2026, 10, 20, 9, 30);

const dump = { name: 'a.rtpdump' } as never;

const segment = (startMs: number, endMs: number, more: object = {}) => ({
  base: `s${startMs}`,
  timing: { firstRtpUnixMs: ZERO + startMs, lastRtpUnixMs: ZERO + endMs },
  ...more,
});

const track: PlannedTrack = {
  userId: 'ann',
  sessionId: 's',
  trackId: 't',
  trackType: 'TRACK_TYPE_AUDIO' as PlannedTrack['trackType'],
  kind: 'audio',
  screenshare: false,
  segments: [segment(0, 1000, { dump }), segment(2000, 3000)],
};

const counts = {
  received: 10,
  lost: 1,
  late: 2,
  duplicate: 3,
  reordered: 4,
  recovered: 5,
  recoveredByFec: 0,
  padding: 6,
  retransmissions: 7,
  fec: 0,
  foreign: 8,
  malformed: 9,
  cut: 0,
  empty: 0,
};

const written: WrittenTrack = {
  track,
  codec: 'opus',
  clock: { source: 'reports', reports: 3, uncertaintyMs: 5.04, driftPpm: 12.345 },
  scans: [{ statistics: counts }, { statistics: { ...counts, lost: 100 } }, { statistics: undefined }],
  fileZeroMs: ZERO - 500,
  media: { frames: 50, channels: 1, gaps: [] },
};

test('a track · packets summed over its segments, numbers to a tenth, media as it is', () => {
  expect(describeTrack(written)).toMatchObject({
    userId: 'ann',
    codec: 'opus',
    frames: 50,
    channels: 1,
    segments: 2,
    packets: { received: 20, lost: 101, late: 4, duplicate: 6, foreign: 16, malformed: 18 },
    clock: { source: 'reports', reports: 3, uncertaintyMs: 5, driftPpm: 12.3 },
  });
});

test('a segment without a dump · a gap on the file’s clock, behind those of the media', () => {
  const gap = { startMs: 0.04, endMs: 20.06, reason: 'loss', filledWith: 'nothing' } as const;
  const { gaps } = describeTrack({ ...written, media: { ...written.media, gaps: [gap] } });
  expect(gaps).toEqual([
    { ...gap, startMs: 0, endMs: 20.1 },
    { startMs: 2500, endMs: 3500, reason: 'segment-missing', filledWith: 'nothing' },
  ]);
});

test('what was received behind the end of a dump · a gap of its own', () => {
  const lostTail = { fromMs: ZERO + 1000, untilMs: ZERO + 1500 };
  const { gaps } = describeTrack({ ...written, scans: [{ statistics: counts, lostTail }] });
  expect(gaps.at(-1)).toEqual({
    startMs: 1500,
    endMs: 2000,
    reason: 'tail-missing',
    filledWith: 'nothing',
  });
});

test('where a file begins · in words, and from the recording’s zero', () => {
  expect(startOf(ZERO + 1234.56, ZERO)).toEqual({ startsAt: '2026-11-20T09:30:01.234Z', offsetMs: 1234.6 });
  expect(tenths(-0.06)).toBe(-0.1);
});
