import { AttemptFailure } from '@rawreel/jobs';
import type { Report } from '@rawreel/processor';
import { expect, test } from 'vitest';
import { attemptFailure, failureOf } from '../../src/work/failures.ts';

const OUTPUT = 's3://media/calls';
const error = (code: string, message = 'It went wrong', hint?: string) =>
  Object.assign(new Error(message), { code, hint });

test.each([
  ['ERR_LINK_EXPIRED', 'expired-link'],
  ['ERR_OBJECT_NOT_FOUND', 'expired-link'],
  ['ERR_UNREACHABLE', 'network'],
  ['ERR_RATE_LIMITED', 'network'],
  ['ECONNRESET', 'network'],
  ['ERR_NO_SPACE', 'disk-full'],
  ['ERR_DISK_FULL', 'disk-full'],
  ['ENOSPC', 'disk-full'],
  ['ERR_NOT_AN_ARCHIVE', 'damaged'],
  ['ERR_NO_FFMPEG', 'configuration'],
  ['ERR_NO_CREDENTIALS', 'configuration'],
  ['EACCES', 'configuration'],
  ['ERR_CONTAINER_CODEC', 'configuration'],
  ['ERR_INVALID_NAME', 'expired-link'],
  ['ERR_NOT_FOUND', 'gone'],
  ['ERR_OUTPUT_DIFFERS', 'bug'],
  ['ERR_NOBODY_KNOWS', 'bug'],
])('%s is %s', (code, kind) => {
  expect(attemptFailure(error(code), OUTPUT)).toMatchObject({
    kind,
    message: expect.stringMatching(/^It went wrong/),
  });
});

test('a bucket for outputs that refuses is a matter of configuration, not of the link', () => {
  const refused = error('ERR_ACCESS_DENIED', `${OUTPUT}/x/manifest.json cannot be read: access is denied`);
  expect(attemptFailure(refused, OUTPUT).kind).toBe('configuration');
});

test('the hint is told; what is a failure already stays as it is; anything can be thrown', () => {
  expect(attemptFailure(error('ENOSPC', 'full', 'Make room.'), OUTPUT).message).toBe('full. Make room.');
  const failure = new AttemptFailure('gone', 'gone');
  expect(attemptFailure(failure, OUTPUT)).toBe(failure);
  expect(attemptFailure('text', OUTPUT)).toMatchObject({ kind: 'bug', message: 'text' });
});

test.each([
  ['ERR_CONTAINER_CODEC', 'Use --container mkv: nothing is re-encoded.', 'muxed.container'],
  ['ERR_DISK_FULL', 'choose another --output', 'set output'],
])('%s is told with the setting, not with an option of the command line', (code, hint, setting) => {
  const { message } = attemptFailure(error(code, 'It went wrong', hint), OUTPUT);
  expect(message).toContain(setting);
  expect(message).not.toContain('--');
});

test('files that are missing fail an attempt by what has to be set right first; damage that was got over does not', () => {
  const report = (codes: readonly string[], files: number) =>
    ({
      files: Array.from({ length: files }, () => ({})),
      failures: codes.map((code) => ({ path: 'x', kind: 'audio', code, message: `${code} of x` })),
      damaged: true,
    }) as unknown as Report;
  expect(failureOf(report([], 3))).toBeUndefined();
  expect(failureOf(report([], 0))).toMatchObject({ kind: 'damaged' });
  expect(failureOf(report(['ERR_TRACK_FAILED', 'ERR_UNREACHABLE', 'ERR_BAD_ANSWER'], 1))).toMatchObject({
    kind: 'network',
    message: '3 of 4 files could not be made: ERR_UNREACHABLE of x',
  });
  // A voice that nothing can be made of keeps the others not back.
  expect(failureOf(report(['ERR_NO_MEDIA', 'ERR_CODEC_UNSUPPORTED'], 1))).toBeUndefined();
  expect(failureOf(report(['ERR_NO_MEDIA'], 0))).toMatchObject({ kind: 'damaged' });
});
