import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { AttemptFailure, type Job, type Outputs } from '@rawreel/jobs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { tracedHandler } from '../../src/telemetry/traced-handler.ts';
import { tracedLook } from '../../src/telemetry/traced-look.ts';
import { tracedTake } from '../../src/telemetry/traced-take.ts';
import { LINK, queued } from '../builders/recordings.ts';

const exporter = new InMemorySpanExporter();

beforeAll(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  trace.disable();
  context.disable();
});
beforeEach(() => exporter.reset());

const OUTPUTS: Outputs = { destination: 'out', files: 4, bytes: 300, manifest: 'out/manifest.json' };
const JOB: Job = {
  recordingId: 'r1',
  attempt: 2,
  recording: queued(),
  signal: new AbortController().signal,
  stage: async () => undefined,
};

const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
const named = (name: string) => spans().find((span) => span.name === name);
const linkIn = () =>
  JSON.stringify(spans().map(({ attributes, events, status }) => [attributes, events, status]));

test('an attempt with its stages in it, and what libraries do in it', async () => {
  const staged: string[] = [];
  const handler = tracedHandler(
    async ({ stage }) => {
      await stage('downloading');
      await stage('processing');
      trace.getTracer('a-library').startSpan('GET').end();
      await stage('storing');
      return OUTPUTS;
    },
    (stage, seconds) => staged.push(`${stage} ${seconds >= 0}`),
  );
  expect(await handler(JOB)).toBe(OUTPUTS);
  expect(spans().map(({ name }) => name)).toEqual([
    'rawreel.downloading',
    'GET',
    'rawreel.processing',
    'rawreel.storing',
    'rawreel.attempt',
  ]);
  expect(staged).toEqual(['downloading true', 'processing true', 'storing true']);
  const attempt = named('rawreel.attempt');
  expect(attempt?.attributes).toEqual({
    'rawreel.app': 'rawreel-key',
    'rawreel.call': 'default:standup',
    'rawreel.recording': 'r1',
    'rawreel.attempt': 2,
    'rawreel.files': 4,
    'rawreel.bytes': 300,
  });
  for (const span of spans().slice(0, -1))
    expect(span.parentSpanContext?.spanId).toBe(attempt?.spanContext().spanId);
});

test('an attempt that fails says of which kind, and quotes nothing', async () => {
  const handler = tracedHandler(
    async ({ stage }) => {
      await stage('downloading');
      throw new AttemptFailure('network', `${LINK} does not answer`);
    },
    () => undefined,
  );
  await expect(handler(JOB)).rejects.toThrow('does not answer');
  expect(named('rawreel.attempt')).toMatchObject({
    status: { code: 2 },
    attributes: { 'error.type': 'network' },
  });
  expect(named('rawreel.downloading')?.ended).toBe(true);
  expect(linkIn()).not.toContain('https://');
});

test('an event that is stored; its body and its links are in no span', async () => {
  const take = tracedTake(async () => 'repeated');
  const source = { by: 'webhook', id: 'w1' } as const;
  const stored = {
    apiKey: 'key',
    identity: 'i',
    type: 'call.recording_ready',
    receivedAtMs: 1,
    body: { url: LINK },
    source,
  };
  const names = { callCid: 'default:standup', sessionId: 's1', filename: 'rec.zip' };
  const ready = { ...names, kind: 'ready', url: LINK, startMs: 1, endMs: 2, atMs: 3, source } as const;
  expect(await take(stored, [ready])).toBe('repeated');
  expect(named('rawreel.event')?.attributes).toEqual({
    'rawreel.app': 'key',
    'rawreel.event.type': 'call.recording_ready',
    'rawreel.event.source': 'webhook',
    'rawreel.event.id': 'w1',
    'rawreel.call': 'default:standup',
    'rawreel.outcome': 'repeated',
  });
  expect(linkIn()).not.toContain('https://');
});

test('a look, done or failed', async () => {
  const ends: unknown[] = [];
  const watch = tracedLook((end) => ends.push(end));
  const about = { apiKey: 'key', breadth: 'all' } as const;
  const look = {
    breadth: 'all',
    calls: 3,
    found: 2,
    renewed: 1,
    expired: 0,
    named: new Set<string>(),
    failed: ['a:b'],
  } as const;
  expect(await watch(about, async () => look)).toBe(look);
  const failing = watch(about, async () => {
    throw Object.assign(new Error(LINK), { code: 'ERR_TIMED_OUT' });
  });
  await expect(failing).rejects.toThrow();
  expect(spans().map(({ attributes }) => attributes)).toEqual([
    {
      'rawreel.app': 'key',
      'rawreel.breadth': 'all',
      'rawreel.calls': 3,
      'rawreel.calls.failed': 1,
      'rawreel.recordings.found': 2,
      'rawreel.recordings.renewed': 1,
      'rawreel.recordings.expired': 0,
    },
    { 'rawreel.app': 'key', 'rawreel.breadth': 'all', 'error.type': 'ERR_TIMED_OUT' },
  ]);
  expect(ends).toMatchObject([
    { ...about, look },
    { ...about, look: undefined },
  ]);
});
