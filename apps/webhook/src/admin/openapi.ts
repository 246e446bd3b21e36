import { type Fact, RECORDING_STATES } from '@rawreel/jobs';
import { API_ERRORS, type ApiErrorCode } from './api-error.ts';
import { LIST_PARAMETERS } from './list-query.ts';

const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const time = { type: 'string', format: 'date-time' } as const;
const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** An object of these properties and no others. */
function objectOf(required: readonly string[], properties: Readonly<Record<string, object>>) {
  return { type: 'object', required, properties, additionalProperties: false } as const;
}

const state = { type: 'string', enum: RECORDING_STATES };

const outputs = objectOf(['destination', 'files', 'bytes', 'manifest'], {
  destination: { ...text, description: 'A folder, or s3://bucket/prefix' },
  files: count,
  bytes: count,
  manifest: text,
});

const names = { egressId: text, sessionId: text, filename: text };

const summary = {
  id: { type: 'string', format: 'uuid' },
  apiKey: { ...text, description: 'Of the app at Stream' },
  call: { ...text, description: 'type:id' },
  ...names,
  isInferred: {
    type: 'boolean',
    description: 'Beginning and file were joined by time, since no event said that they belong together',
  },
  state,
  since: { ...time, description: 'When it came into this state' },
  attempt: { ...count, description: 'The latest; 0 before the first' },
  worker: text,
  beginsAt: time,
  endsAt: time,
  sizeBytes: count,
  expiresAt: { ...time, description: 'When the link or the file goes away' },
  failure: objectOf(['kind', 'message'], { kind: text, message: text }),
  retryAt: { ...time, description: 'Not before this time is it tried again' },
  outputs,
};
const ALWAYS_THERE = ['id', 'apiKey', 'call', 'isInferred', 'state', 'since', 'attempt'];

/** What can be known of a recording; the compiler asks for every kind. */
const FACT_KINDS = {
  started: 'its recording was started',
  'stop-requested': 'its end was asked for',
  stopped: 'its recording was stopped',
  'recording-failed': 'Stream says that the recording failed',
  ready: 'there is an archive, behind a link',
  ignored: 'it is none of those that are worked on',
  expired: 'it was gone before it was worked on',
  'attempt-began': 'a worker has taken it',
  'attempt-stage': 'what the attempt was at',
  'attempt-ended': 'how the attempt ended',
  'outputs-stored': 'where its files are',
  'retry-requested': 'somebody asked for another attempt',
  cancelled: 'somebody asked for an end',
} as const satisfies Record<Fact['kind'], string>;

const fact = objectOf(['kind', 'at', 'source'], {
  kind: {
    type: 'string',
    enum: Object.keys(FACT_KINDS),
    description: Object.entries(FACT_KINDS)
      .map(([kind, means]) => `${kind}: ${means}`)
      .join('; '),
  },
  at: time,
  source: objectOf(['by'], { by: text, id: text }),
  ...names,
  url: { ...text, description: 'Without its signature' },
  startsAt: time,
  endsAt: time,
  sizeBytes: count,
  expiresAt: time,
  why: text,
  attempt: count,
  worker: text,
  stage: text,
  outcome: text,
  cause: text,
  message: text,
  retryAt: time,
  ...outputs.properties,
  request: count,
  afterAttempt: count,
});

const link = objectOf(['url', 'startsAt', 'endsAt', 'at'], {
  url: { ...text, description: 'Without its signature, so that it opens nothing' },
  startsAt: time,
  endsAt: time,
  sizeBytes: count,
  expiresAt: time,
  at: { ...time, description: 'When it was heard of' },
});

const lease = objectOf(['worker', 'attempt', 'until'], { worker: text, attempt: count, until: time });
const hold = objectOf(['worker', 'why', 'at'], { worker: text, why: text, at: time });

const SCHEMAS = {
  Recording: objectOf(ALWAYS_THERE, summary),
  RecordingWithHistory: objectOf([...ALWAYS_THERE, 'holds', 'facts'], {
    ...summary,
    link,
    lease,
    holds: { type: 'array', items: hold, description: 'Workers that had no room for it' },
    facts: { type: 'array', items: refTo('Fact'), description: 'In the order in which they were heard of' },
  }),
  Fact: fact,
  Page: objectOf(['recordings'], {
    recordings: { type: 'array', items: refTo('Recording'), description: 'Newest first' },
    next: { ...text, description: '`before` of the next page; missing on the last one' },
  }),
  Counts: {
    ...objectOf([], Object.fromEntries(RECORDING_STATES.map((name) => [name, count]))),
    description: 'Recordings by state; states that none is in are left out',
  },
  Error: objectOf(['code', 'message'], {
    code: {
      type: 'string',
      enum: Object.keys(API_ERRORS),
      description: Object.entries(API_ERRORS)
        .map(([code, { when }]) => `${code}: ${when}`)
        .join('; '),
    },
    message: text,
    hint: text,
    state,
  }),
};

const json = (schema: object) => ({ 'application/json': { schema } });

/** Of every request that needs a token. */
const ALWAYS_POSSIBLE: readonly ApiErrorCode[] = [
  'bad-request',
  'wrong-token',
  'no-token-configured',
  'busy',
  'unavailable',
];

function responsesOf(answer: string, description: string, refusals: readonly ApiErrorCode[]) {
  const codes = [...ALWAYS_POSSIBLE, ...refusals];
  const statuses = new Set(codes.map((code) => API_ERRORS[code].status));
  const errors = [...statuses].map((status) => [
    String(status),
    {
      description: codes.filter((code) => API_ERRORS[code].status === status).join(', '),
      content: json(refTo('Error')),
    },
  ]);
  return { '200': { description, content: json(refTo(answer)) }, ...Object.fromEntries(errors) };
}

const ID = { name: 'id', in: 'path', required: true, schema: text, description: 'Of the recording' };

/** The API's description, which its answers are held to by the tests. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'rawreel-webhook',
    version: '1.0.0',
    description: 'What has become of every recording, and another attempt or an end for one.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/api/v1' }],
  security: [{ token: [] }],
  paths: {
    '/recordings': {
      get: {
        operationId: 'listRecordings',
        summary: 'Recordings, newest first',
        parameters: Object.entries(LIST_PARAMETERS).map(([name, { description, schema }]) => ({
          name,
          in: 'query',
          description,
          schema,
          style: 'items' in schema ? 'form' : undefined,
          explode: 'items' in schema ? false : undefined,
        })),
        responses: responsesOf('Page', 'A page of them', ['bad-query']),
      },
    },
    '/recordings/{id}': {
      get: {
        operationId: 'getRecording',
        summary: 'One recording with all that is known of it',
        parameters: [ID],
        responses: responsesOf('RecordingWithHistory', 'The recording', ['no-recording']),
      },
    },
    '/recordings/{id}/retry': {
      post: {
        operationId: 'retryRecording',
        summary: 'Has a recording that came to an end worked on again',
        parameters: [ID],
        responses: responsesOf('Recording', 'It is queued', ['no-recording', 'wrong-state']),
      },
    },
    '/recordings/{id}/cancel': {
      post: {
        operationId: 'cancelRecording',
        summary: 'Stops what is done of a recording, or keeps it from being begun',
        parameters: [ID],
        responses: responsesOf('Recording', 'It is cancelled', ['no-recording', 'wrong-state']),
      },
    },
    '/counts': {
      get: {
        operationId: 'countRecordings',
        summary: 'How many recordings are in each state',
        responses: responsesOf('Counts', 'The counts', []),
      },
    },
  },
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: SCHEMAS,
  },
} as const;
