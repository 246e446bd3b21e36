import { describe, expect, test } from 'vitest';
import { dumpStartMs } from '../../src/time/server-clock.ts';

const CALL = Date.UTC(2026, 10, 20, 9, 30);

describe('start of a dump on the server’s clock', () => {
  test.each([
    [
      'header and metadata agree: the header, which is finer',
      { headerStartMs: CALL + 530.4, firstOffsetMs: 0, metadataFirstMs: CALL + 530 },
      CALL + 530.4,
    ],
    ['no metadata: the header', { headerStartMs: CALL + 530, firstOffsetMs: 20 }, CALL + 530],
    [
      'header of 1970: the metadata',
      { headerStartMs: 12_000, firstOffsetMs: 20, metadataFirstMs: CALL },
      CALL - 20,
    ],
    [
      'header of 1970 and no metadata: the call’s start',
      { headerStartMs: 12_000, firstOffsetMs: 20, nearMs: CALL },
      CALL,
    ],
    [
      'metadata two days off: the header',
      { headerStartMs: CALL + 530, firstOffsetMs: 0, metadataFirstMs: CALL - 172_800_000, nearMs: CALL },
      CALL + 530,
    ],
    [
      'header two days off: the metadata',
      { headerStartMs: CALL - 172_800_000, firstOffsetMs: 0, metadataFirstMs: CALL + 530, nearMs: CALL },
      CALL + 530,
    ],
  ])('%s', (_claim, times, expected) => {
    expect(dumpStartMs(times)).toBe(expected);
  });
});
