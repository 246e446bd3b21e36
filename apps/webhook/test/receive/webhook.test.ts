import { gzipSync } from 'node:zlib';
import { StreamClient } from '@stream-io/node-sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/receive/refusal.ts';
import { receiveWebhook } from '../../src/receive/webhook.ts';
import {
  bytesOf,
  EGRESS_ID,
  headersOf,
  KEY,
  lifeEvent,
  readyEvent,
  SECRET,
  sign,
} from '../builders/events.ts';

type Headers = Record<string, string | string[] | undefined>;

const receive = (body: Uint8Array, headers: Headers, secrets: readonly string[] = [SECRET]) =>
  receiveWebhook({ body, headers, secretsOf: (key) => (key === KEY ? secrets : []) });

/** As a sender who has the secret would. */
const receiveSigned = (json: Uint8Array | string, body: Uint8Array = Buffer.from(json)) =>
  receive(body, headersOf(json));

const outcome = (result: ReturnType<typeof receive>) =>
  isRefusal(result) ? `${result.status} ${result.code}` : result.type;

const STARTED = bytesOf(lifeEvent('started'));

describe('webhook · what is Stream’s', () => {
  test('is an event, with what was said of it', () => {
    expect(receiveSigned(STARTED)).toEqual({
      apiKey: KEY,
      webhookId: '0f0c5a44-6b1e-4c55-9a0e-000000000001',
      attempt: 1,
      type: 'call.recording_started',
      identity: expect.stringMatching(/^[\w-]{43}$/),
      body: lifeEvent('started'),
      recording: {
        kind: 'started',
        callCid: 'default:standup',
        egressId: EGRESS_ID,
        createdMs: Date.UTC(2026, 10, 26, 23, 33, 30, 123),
      },
    });
  });

  test('gzip is inflated, whether it is declared or not, also in several members', () => {
    const members = Buffer.concat([gzipSync(STARTED.subarray(0, 40)), gzipSync(STARTED.subarray(40))]);
    for (const body of [gzipSync(STARTED), gzipSync(STARTED, { level: 0 }), members]) {
      expect(outcome(receiveSigned(STARTED, body))).toBe('call.recording_started');
    }
    const declared = { ...headersOf(STARTED), 'content-encoding': 'gzip' };
    expect(outcome(receive(gzipSync(STARTED), declared))).toBe('call.recording_started');
    // A proxy has inflated it and left the header.
    expect(outcome(receive(STARTED, declared))).toBe('call.recording_started');
  });

  test('old and new secret are taken while one is rotated, and the old one no longer', () => {
    const old = headersOf(STARTED, 'old');
    expect(outcome(receive(STARTED, old, ['new', 'old']))).toBe('call.recording_started');
    expect(outcome(receive(STARTED, headersOf(STARTED, 'new'), ['new', 'old']))).toBe(
      'call.recording_started',
    );
    expect(outcome(receive(STARTED, old, ['new']))).toBe('401 bad-signature');
  });

  test('each app has its own secrets', () => {
    const secretsOf = (key: string) => ({ one: ['s1'], two: ['s2'] })[key] ?? [];
    const from = (key: string, secret: string) =>
      receiveWebhook({
        body: STARTED,
        headers: { ...headersOf(STARTED, secret), 'x-api-key': key },
        secretsOf,
      });
    expect(outcome(from('one', 's1'))).toBe('call.recording_started');
    expect(outcome(from('two', 's2'))).toBe('call.recording_started');
    expect(outcome(from('one', 's2'))).toBe('401 bad-signature');
  });

  test('any type of event is taken', () => {
    for (const type of ['call.session_ended', 'not.thought.of.yet', 'friendship request ✨', 'constructor']) {
      expect(outcome(receiveSigned(bytesOf({ type })))).toBe(type);
    }
  });

  test('is what the SDK takes for it, of any bytes', () => {
    const client = new StreamClient(KEY, SECRET);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), fc.nat(63), (bytes, spoilt, at) => {
        fc.pre(bytes[0] !== 0x1f);
        const right = sign(bytes);
        const signature = spoilt
          ? right.slice(0, at) + (right[at] === '0' ? '1' : '0') + right.slice(at + 1)
          : right;
        const result = receive(bytes, { ...headersOf(bytes), 'x-signature': signature });
        expect(outcome(result) !== '401 bad-signature').toBe(
          client.verifyWebhook(Buffer.from(bytes), signature),
        );
      }),
    );
  });
});

describe('webhook · what is refused', () => {
  const good = headersOf(STARTED);
  const doubled = 'a'.repeat(64);

  test.each<[string, string, Headers]>([
    ['no key', '401 no-key', { ...good, 'x-api-key': undefined }],
    ['a key twice, as node joins it', '401 no-key', { ...good, 'x-api-key': `${KEY}, ${KEY}` }],
    ['a key twice, as a list', '401 no-key', { ...good, 'x-api-key': [KEY, KEY] }],
    ['a huge key', '401 no-key', { ...good, 'x-api-key': 'k'.repeat(100_000) }],
    ['another’s key', '503 unknown-key', { ...good, 'x-api-key': 'somebodyelse' }],
    ['a key named like a method', '503 unknown-key', { ...good, 'x-api-key': '__proto__' }],
    ['no signature', '401 no-signature', { ...good, 'x-signature': undefined }],
    [
      'a signature in upper case',
      '401 no-signature',
      { ...good, 'x-signature': sign(STARTED).toUpperCase() },
    ],
    ['a signature twice', '401 no-signature', { ...good, 'x-signature': `${doubled}, ${doubled}` }],
    ['a signature cut', '401 no-signature', { ...good, 'x-signature': sign(STARTED).slice(2) }],
    ['another’s signature', '401 bad-signature', headersOf(STARTED, 'guess')],
    ['the signature of the compressed body', '401 bad-signature', headersOf(gzipSync(STARTED))],
  ])('%s: %s', (_what, expected, headers) => {
    expect(outcome(receive(STARTED, headers))).toBe(expected);
  });

  test('everything, where the secret is empty: anybody could sign with it', () => {
    expect(outcome(receive(STARTED, headersOf(STARTED, ''), ['']))).toBe('503 unknown-key');
  });

  const zeros = gzipSync(Buffer.alloc(8 * 1024 * 1024));
  const nested = (levels: number) => `{"type":"a","custom":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  test.each<[string, string, Uint8Array | string, Uint8Array?]>([
    ['more bytes than a body has', '413 body-too-large', Buffer.alloc(1024 * 1024 + 1, 0x20)],
    ['zeros that inflate', '413 json-too-large', 'x', zeros],
    ['gzip in gzip', '400 gzip-in-gzip', STARTED, gzipSync(gzipSync(STARTED))],
    ['gzip that is cut', '400 bad-gzip', STARTED, gzipSync(STARTED).subarray(0, 60)],
    ['gzip’s first two bytes', '400 bad-gzip', STARTED, Buffer.from([0x1f, 0x8b])],
    ['gzip and more', '400 bad-gzip', STARTED, Buffer.concat([gzipSync(STARTED), Buffer.from('more')])],
    ['nothing', '400 not-json', ''],
    ['words', '400 not-json', 'hello'],
    ['half an object', '400 not-json', '{"type":"call.ended"'],
    ['bytes that are no UTF-8', '400 not-json', Buffer.from('{"type":"call.ended\xff"}', 'latin1')],
    ['null', '400 not-an-event', 'null'],
    ['a list', '400 not-an-event', '[]'],
    ['a list of events', '400 not-an-event', '[{"type":"call.ended"}]'],
    ['text', '400 not-an-event', '"call.ended"'],
    ['a number', '400 not-an-event', '42'],
    ['no type', '400 not-an-event', '{}'],
    ['a type that is none', '400 not-an-event', '{"type":7}'],
    ['an empty type', '400 not-an-event', '{"type":""}'],
    ['a type that cannot be stored', '400 not-an-event', '{"type":"call\\u0000ended"}'],
    ['half a character as type', '400 not-an-event', '{"type":"\\ud800"}'],
    ['a huge type', '400 not-an-event', bytesOf({ type: 'call.'.repeat(100_000) })],
    ['nested without end', '400 not-an-event', nested(100_000)],
    ['nested one too deep', '400 not-an-event', nested(64)],
  ])('%s, signed: %s', (_what, expected, json, body = Buffer.from(json)) => {
    expect(outcome(receive(body, headersOf(json)))).toBe(expected);
  });

  test('brackets in text are text, and 64 levels are not too deep', () => {
    expect(outcome(receiveSigned(nested(63)))).toBe('a');
    const texts = ['['.repeat(500), `"${'{'.repeat(500)}`, `\\"${'['.repeat(500)}\\`];
    expect(outcome(receiveSigned(bytesOf({ type: 'a', texts })))).toBe('a');
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['call_cid', lifeEvent('started', { call_cid: undefined })],
    ['call_cid', lifeEvent('started', { call_cid: 'standup' })],
    ['call_cid', lifeEvent('started', { call_cid: `default:${'x'.repeat(1_000_000)}` })],
    ['call_cid', lifeEvent('started', { call_cid: 'default:a\u0000b' })],
    ['egress_id', lifeEvent('stopped', { egress_id: '' })],
    ['egress_id', lifeEvent('failed', { egress_id: ['x'] })],
    ['created_at', lifeEvent('started', { created_at: 'soon' })],
    ['call_recording', readyEvent({ call_recording: undefined })],
    ['call_recording.filename', readyEvent({}, { filename: 'x'.repeat(2000) })],
    ['call_recording.filename', readyEvent({}, { filename: 'a\ud800.zip' })],
    ['call_recording.session_id', readyEvent({}, { session_id: null })],
    ['call_recording.url', readyEvent({}, { url: 'file:///etc/passwd' })],
    ['call_recording.url', readyEvent({}, { url: 'rec.zip' })],
    ['call_recording.start_time', readyEvent({}, { start_time: 1.5 })],
    ['call_recording.end_time', readyEvent({}, { end_time: undefined })],
  ])('a recording without its %s, and the answer names it', (field, event) => {
    const result = receiveSigned(bytesOf(event));
    expect(outcome(result)).toBe('400 bad-event');
    expect(result).toHaveProperty('message', expect.stringContaining(`: ${field}: `));
  });

  test('no answer repeats foreign text as it came, at any length', () => {
    const result = receiveSigned(bytesOf(lifeEvent('started', { call_cid: `\u001b[2J${'x'.repeat(5000)}` })));
    const { message } = result as { message: string };
    expect(message.length).toBeLessThan(400);
    expect(message).not.toMatch(/\p{Cc}/u);
  });
});

describe('webhook · headers that are not signed', () => {
  test.each<[string, string | undefined, number]>([
    ['3', '3', 3],
    ['absent', undefined, 1],
    ['words', 'many', 1],
    ['twice', '1, 2', 1],
    ['negative', '-1', 1],
    ['huge', '9'.repeat(400), 1],
  ])('attempt: %s', (_what, header, attempt) => {
    expect(receive(STARTED, { ...headersOf(STARTED), 'x-webhook-attempt': header })).toHaveProperty(
      'attempt',
      attempt,
    );
  });

  test.each<[string, string | undefined]>([
    ['absent', undefined],
    ['huge', 'i'.repeat(300)],
    ['with a control character', 'a\u0000b'],
  ])('id: %s is none', (_what, header) => {
    expect(receive(STARTED, { ...headersOf(STARTED), 'x-webhook-id': header })).toHaveProperty(
      'webhookId',
      undefined,
    );
  });
});

describe('webhook · identity', () => {
  const identity = (event: unknown, headers: Headers = {}) => {
    const json = bytesOf(event);
    const result = receive(json, { ...headersOf(json), ...headers });
    if (isRefusal(result)) throw new Error(result.message);
    return result.identity;
  };

  test('does not depend on how an event came', () => {
    const other = { 'x-webhook-id': 'of-another-hook', 'x-webhook-attempt': '2' };
    expect(identity(readyEvent(), other)).toBe(identity(readyEvent()));
    expect(identity({ type: 'call.ended', call_cid: 'a:b' }, other)).toBe(
      identity({ type: 'call.ended', call_cid: 'a:b' }),
    );
  });

  test('of a recording’s events is what they are about', () => {
    const again = readyEvent(
      { created_at: '2026-11-26T23:50:00Z' },
      { url: 'https://recordings.example/other' },
    );
    expect(identity(again)).toBe(identity(readyEvent()));
    expect(identity(lifeEvent('started', { created_at: 1 }))).toBe(identity(lifeEvent('started')));
  });

  test('differs with app, type, call and names', () => {
    const secretsOf = () => [SECRET];
    const headers = { ...headersOf(STARTED), 'x-api-key': 'other' };
    const otherApp = receiveWebhook({ body: STARTED, headers, secretsOf });
    const all = [
      identity(lifeEvent('started')),
      identity(lifeEvent('stopped')),
      identity(lifeEvent('started', { call_cid: 'default:other' })),
      identity(lifeEvent('started', { egress_id: 'other' })),
      identity(lifeEvent('started', { recording_type: 'composite' })),
      identity(readyEvent()),
      identity(readyEvent({}, { filename: 'other.zip' })),
      identity(readyEvent({}, { session_id: 'other' })),
      identity({ type: 'call.ended', call_cid: 'a:b' }),
      identity({ type: 'call.ended', call_cid: 'a:b', created_at: 1 }),
      isRefusal(otherApp) ? '' : otherApp.identity,
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
