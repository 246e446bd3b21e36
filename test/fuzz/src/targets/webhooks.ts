import { createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  factsOf,
  isRefusal,
  REFUSALS,
  type ReceivedEvent,
  type Refusal,
  readFailoverFile,
  receiveSqsMessage,
  receiveWebhook,
} from 'rawreel-webhook/receive';
import { check } from '../engine/check.ts';
import { bucket, type Observation, type Target } from '../engine/target.ts';

const KEY = 'key';
const SECRET = 'secret';
const WORDS = [
  '"type":"call.recording_started"',
  '"type":"call.recording_stopped"',
  '"type":"call.recording_failed"',
  '"type":"call.recording_ready"',
  '"recording_type":"raw"',
  '"recording_type":"composite"',
  '"call_recording":{',
  '"created_at":1795736010123456789',
  '"2026-11-26T23:33:30.123456789+01:00"',
  '"call_cid":"a:b"',
  '"egress_id":',
  '"session_id":"s"',
  '"filename":"f"',
  '"url":"https://x/"',
  '"start_time":0',
  '"end_time":0',
  '"Type":"Notification","Message":"',
  '\\u0000',
  '\\ud800',
  'null',
  '[[[[',
  '1e999',
].map((word) => Buffer.from(word));
const RAW_EVENTS = ['started', 'stopped', 'failed', 'ready'].map((what) => `call.recording_${what}`);

/** What a stranger can make the receiver inflate, at most. */
const LONGEST = 4 * 1024 * 1024;

/** Any body, signed rightly as far as it can be: what comes out stands in it. */
export const webhookTarget: Target = {
  name: 'webhook',
  words: [...WORDS, gzipSync('{}'), Buffer.from([0x1f, 0x8b])],
  async run(bytes, observation) {
    const json = inflated(bytes);
    const signature = createHmac('sha256', SECRET)
      .update(json ?? bytes)
      .digest('hex');
    const receive = (signed: string) =>
      receiveWebhook({
        body: bytes,
        headers: { 'x-api-key': KEY, 'x-signature': signed },
        secretsOf: () => [SECRET],
      });
    const result = receive(signature);
    check(JSON.stringify(receive(signature)) === JSON.stringify(result), 'another answer the second time');
    const forged = receive('0'.repeat(64));
    check(isRefusal(forged), 'an event that nobody signed');
    check(isRefusal(result) || forged.status === 401, () => `${forged.status} for a forged signature`);
    if (json === undefined) check(isRefusal(result), 'an event in bytes that do not inflate');
    observe(result, (json ?? bytes).toString(), observation);
    // zlib frees what could not be inflated at the next turn of the event loop, which a receiver has with each request.
    if (json === undefined) await setImmediate();
  },
};

/** Any message of a queue. */
export const sqsTarget: Target = {
  name: 'sqs',
  words: WORDS,
  run(bytes, observation) {
    const body = Buffer.from(bytes).toString();
    observe(receiveSqsMessage({ body, apiKey: KEY }), undefined, observation);
  },
};

/** Any file that may have been left in a bucket. */
export const failoverTarget: Target = {
  name: 'failover',
  words: [...WORDS, Buffer.from('\n'), gzipSync('[]')],
  async run(bytes, observation) {
    const entries = readFailoverFile(bytes, KEY);
    for (const entry of 'status' in entries ? [entries] : entries) observe(entry, undefined, observation);
    await setImmediate();
  },
};

function observe(result: ReceivedEvent | Refusal, text: string | undefined, observation: Observation): void {
  if (isRefusal(result)) {
    check(REFUSALS[result.code] === result.status, () => `${result.code} is ${result.status}`);
    check(
      result.message.length < 500 && !/\p{Cc}/u.test(result.message),
      'an answer with foreign text in it',
    );
    observation.feature(`${result.code} ${result.message.replace(/(Expected|received).*|".*"/g, '')}`);
    return;
  }
  const facts = factsOf(result, { by: 'webhook' }, 1);
  checkEvent(result, text);
  const { type, body, recording } = result;
  check(facts.length === (recording === undefined ? 0 : 1), () => `${facts.length} facts of ${type}`);
  for (const fact of facts) checkFact(fact, body);
  observation.output(1 + facts.length);
  observation.feature(`event ${RAW_EVENTS.indexOf(type)}`, bucket(Object.keys(body).length));
  observation.feature('recording', recording === undefined ? 0 : 1 + Object.keys(recording).length);
}

function checkEvent({ type, body, identity, recording }: ReceivedEvent, text: string | undefined): void {
  check(typeof body === 'object' && !Array.isArray(body), 'a body that is no object');
  check(body['type'] === type && type.length > 0 && type.length <= 256, 'a type that the body does not have');
  check(/^[\w-]{43}$/.test(identity), () => `identity ${identity}`);
  if (text !== undefined) {
    const same = JSON.stringify(JSON.parse(text)) === JSON.stringify(body);
    check(same, 'a body that is not the bytes’');
  }
  if (recording !== undefined) check(RAW_EVENTS.includes(type), () => `a recording of ${type}`);
}

function checkFact(fact: ReturnType<typeof factsOf>[number], body: Readonly<Record<string, unknown>>): void {
  const recording = body['call_recording'] as Record<string, unknown> | undefined;
  check((body['recording_type'] ?? recording?.['recording_type']) === 'raw', 'a fact of another recording');
  check(fact.callCid === body['call_cid'] && fact.callCid.includes(':'), 'another call');
  check(fact.egressId === (body['egress_id'] ?? undefined), 'another egress');
  check(Number.isSafeInteger(fact.atMs) && fact.atMs >= 0, () => `at ${fact.atMs}`);
  for (const name of [fact.callCid, fact.egressId ?? 'x', fact.sessionId ?? 'x', fact.filename ?? 'x']) {
    check(
      name !== '' && name.length <= 1024 && name.isWellFormed() && !/\p{Cc}/u.test(name),
      'an unstorable name',
    );
  }
  if (fact.kind !== 'ready') return;
  check(
    fact.sessionId === recording?.['session_id'] && fact.filename === recording?.['filename'],
    'another file',
  );
  check(fact.url === recording?.['url'] && URL.canParse(fact.url), 'another link');
  check(Number.isSafeInteger(fact.startMs) && Number.isSafeInteger(fact.endMs), 'times that are none');
}

/** undefined: gzip that does not inflate, or inflates to gzip or to too much. */
function inflated(bytes: Uint8Array): Buffer | undefined {
  const isGzip = (some: Uint8Array) => some[0] === 0x1f && some[1] === 0x8b;
  if (!isGzip(bytes)) return Buffer.from(bytes);
  try {
    const json = gunzipSync(bytes, { maxOutputLength: LONGEST });
    return isGzip(json) ? undefined : json;
  } catch {
    return undefined;
  }
}
