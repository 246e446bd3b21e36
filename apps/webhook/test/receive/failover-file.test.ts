import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFailoverFile } from '../../src/receive/failover-file.ts';
import { isRefusal } from '../../src/receive/refusal.ts';
import { receiveWebhook } from '../../src/receive/webhook.ts';
import { bytesOf, headersOf, KEY, lifeEvent, readyEvent, SECRET } from '../builders/events.ts';

const EVENTS = [lifeEvent('started'), lifeEvent('stopped'), readyEvent()];
const KINDS = ['started', 'stopped', 'ready'];
const OTHER = { type: 'call.created', created_at: '2026-11-26T23:33:30Z', call_cid: 'default:standup' };

const kindsIn = (bytes: Uint8Array) => {
  const entries = readFailoverFile(bytes, KEY);
  if ('status' in entries) return entries.code;
  return entries.map((entry) => (isRefusal(entry) ? entry.code : (entry.recording?.kind ?? entry.type)));
};
const lines = (...values: readonly unknown[]) =>
  Buffer.from(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'));
const packed = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64');

// How Stream writes such files is not documented: all vectors are invented.
test.each([
  ['one event', bytesOf(readyEvent()), ['ready']],
  ['one, indented', Buffer.from(JSON.stringify(readyEvent(), null, 2)), ['ready']],
  ['an array', bytesOf(EVENTS), KINDS],
  ['one per line', lines(...EVENTS, ''), KINDS],
  ['one per line, with CRLF', Buffer.from(EVENTS.map((each) => JSON.stringify(each)).join('\r\n')), KINDS],
  ['gzip', gzipSync(lines(...EVENTS)), KINDS],
  ['base64 of gzip', Buffer.from(packed(readyEvent())), ['ready']],
  ['base64 of gzip per line', lines(...EVENTS.map(packed)), KINDS],
  ['another type', bytesOf(OTHER), ['call.created']],
  [
    'a line that is none among others',
    lines(EVENTS[0], 'oops!', EVENTS[2]),
    ['started', 'bad-message', 'ready'],
  ],
  [
    'an entry that is none among others',
    bytesOf([null, EVENTS[0], 7]),
    ['not-an-event', 'started', 'not-an-event'],
  ],
  ['an event of a recording that lacks something', bytesOf({ ...readyEvent(), call_cid: 7 }), ['bad-event']],
  ['an object that wraps one', bytesOf({ event: readyEvent() }), ['not-an-event']],
  ['nothing', Buffer.from(' \n'), 'not-json'],
  ['an empty array', bytesOf([]), []],
  ['no text', Buffer.from([0xff, 0xfe, 0x00]), 'not-json'],
  ['gzip that is cut', gzipSync(bytesOf(EVENTS)).subarray(0, 30), 'bad-gzip'],
  ['gzip of 17 MB of zeros', gzipSync(Buffer.alloc(17 << 20)), 'body-too-large'],
  ['17 MB', Buffer.alloc(17 << 20, 0x20), 'body-too-large'],
] as const)('a file with %s', (_, bytes, found) => {
  expect(kindsIn(bytes)).toEqual(found);
});

test('an event of a file is the one that came over HTTP', () => {
  for (const event of [readyEvent(), OTHER]) {
    const json = bytesOf(event);
    const received = receiveWebhook({ headers: headersOf(json), body: json, secretsOf: () => [SECRET] });
    const [inFile] = readFailoverFile(json, KEY) as readonly { identity: string }[];
    expect(received).toMatchObject({ identity: inFile?.identity });
  }
});

test('whatever bytes there are, it answers', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((text) => Buffer.from(text)),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        expect(readFailoverFile(bytes, KEY)).toBeDefined();
      },
    ),
  );
});
