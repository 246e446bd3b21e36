import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { failure, openBytes, tarGz } from '../builders/open.ts';
import { nested } from '../builders/recording.ts';
import { buildTar } from '../builders/tar.ts';
import { buildZip } from '../builders/zip.ts';

describe('what an archive is shows in its bytes', () => {
  const files = nested('alice');

  test.each([
    ['zip', buildZip(files)],
    ['zip', buildZip(files, { junk: Buffer.from('#!/bin/sh\nexec unzip "$0"\n') })],
    ['tar.gz', tarGz(files)],
    ['tar', buildTar(files)],
    ['tar', buildTar(files.map((file) => ({ ...file, format: 'v7' as const })))],
  ])('%s', async (kind, bytes) => {
    await using recording = await openBytes(bytes);
    expect(recording.container).toEqual({ kind, byteLength: bytes.byteLength });
    expect(recording.tracks).toHaveLength(1);
    expect(recording.problems).toEqual([]);
  });
});

describe('what is no archive is refused by name', () => {
  const accessDenied = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>';

  test.each([
    ['an expired link', accessDenied, /starts with "<\?xml .*AccessDenied/, /expired.*\n.*fresh link/],
    ['a web page', '<!DOCTYPE html><html><body>Log in</body></html>', /"<!DOCTYPE html>/, /web page/],
    ['an API answer', '{"error":"not found"}', /"\{"error":"not found"\}"/, /JSON/],
    ['an error message', 'Internal Server Error', /"Internal Server Error"/, /text/],
    [
      'one rtpdump',
      '#!rtpplay1.0 10.0.0.1/5000\n\x00\x01\x02',
      /starts with the bytes 23 21/,
      /single rtpdump/,
    ],
    ['7z', Buffer.from('377abcaf271c0004', 'hex'), /bytes 37 7a bc af/, /7z/],
    ['RAR', Buffer.from('526172211a0700cf', 'hex'), /bytes 52 61 72 21/, /RAR/],
    ['xz', Buffer.from('fd377a585a0000', 'hex'), /bytes fd 37/, /xz -d/],
    ['Zstandard', Buffer.from('28b52ffd0458', 'hex'), /bytes 28 b5/, /zstd -d/],
    ['bzip2', Buffer.from('425a6839314159265359ff', 'hex'), /bytes 42 5a/, /bzip2/],
    ['Matroska', Buffer.from('1a45dfa3a342', 'hex'), /bytes 1a 45/, /media already/],
    ['zeros', Buffer.alloc(3000), /bytes 00 00/, /zeros/],
  ])('%s', async (_, start, message, hint) => {
    const error = await failure(openBytes(Buffer.from(start)));
    expect(error.code).toBe('ERR_NOT_AN_ARCHIVE');
    expect(error.message).toMatch(/^call\.zip is not an archive: /);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  test('random bytes', async () => {
    const bytes = randomBytes(5000);
    bytes[0] = 0x80;
    expect((await failure(openBytes(bytes))).code).toBe('ERR_NOT_AN_ARCHIVE');
  });

  test('gzip of something that is no tar says what is inside', async () => {
    const error = await failure(openBytes(gzipSync('{"just":"json"}'.repeat(100))));
    expect(error.code).toBe('ERR_NOT_AN_ARCHIVE');
    expect(error.message).toMatch(/gzip, but holds no tar: inside, it starts with "\{"just":"json"\}/);
  });

  test('an empty file', async () => {
    const error = await failure(openBytes(Buffer.alloc(0)));
    expect(error.code).toBe('ERR_EMPTY_INPUT');
    expect(error.message).toMatch(/0 bytes/);
  });

  test('control characters of what it starts with are escaped', async () => {
    const error = await failure(openBytes(Buffer.from('<Error>\u202e\u009b2J</Error>')));
    expect(error.message).toContain('\\u202e\\x9b2J');
  });
});
