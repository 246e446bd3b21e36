import type { ArchiveProblem } from '@rawreel/archive';
import type { ProgressEvent } from '@rawreel/processor';
import type { ListedRecording } from '@rawreel/recording-control';
import { describe, expect, it } from 'vitest';
import {
  ALICE_CAMERA,
  CodedError,
  LISTED,
  noFfmpeg,
  rawreel,
  recording,
  report,
  reportedFile,
  START,
  type Stage,
  track,
} from './fakes.ts';

/** Sets a terminal's title, clears its screen with a C1 control, turns text around, hides some of it, and breaks lines. */
const EVIL = 'e\u001b]0;owned\u0007\u009b2J\u202evil\u2066\u200b\ufeff\u00ad\u{e0041}\u2028\r\n\ttail';

/** What no output may hold: our own colours and moves of the cursor begin with CSI, and lines end. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal's own language
const OURS = /\u001b\[[\d;?]*[a-zA-Z]|\r(?=\u001b\[K)|\n/g;

const problem = (severity: ArchiveProblem['severity'], code: ArchiveProblem['code']): ArchiveProblem => ({
  code,
  severity,
  message: `${EVIL} is odd`,
  userId: EVIL,
  sessionId: EVIL,
  trackId: EVIL,
  entry: EVIL,
});
const PROBLEMS = [problem('damage', 'DUMP_MISSING'), problem('notice', 'ENTRY_LINK')];
const IDS = { userId: EVIL, sessionId: EVIL, trackId: EVIL };
const RECORDING = recording({
  source: EVIL,
  callId: EVIL,
  callType: EVIL,
  tracks: [track({ ...IDS, codec: `audio/${EVIL}` }), { ...ALICE_CAMERA, ...IDS }],
  problems: PROBLEMS,
});
const REPORT = report({
  source: EVIL,
  damaged: true,
  problems: PROBLEMS,
  files: [reportedFile({ ...IDS, path: EVIL, trackType: EVIL })],
  failures: [{ ...IDS, path: EVIL, kind: 'audio', code: 'ERR_X', message: EVIL, hint: EVIL }],
});
const EVENTS: readonly ProgressEvent[] = [
  { type: 'scan-started', track: 0, totalBytes: 1000 },
  { type: 'output-started', file: EVIL, totalBytes: 1000 },
  { type: 'output-progress', file: EVIL, bytes: 500, totalBytes: 1000 },
  { type: 'output-finished', file: EVIL, byteLength: 1, durationMs: 1 },
  { type: 'output-failed', file: EVIL, code: 'ERR_X', message: EVIL },
];
const ENTRY: ListedRecording = { ...LISTED, session: EVIL, filename: EVIL, type: EVIL };
const failing = async () => {
  throw new CodedError('ERR_NOT_FOUND', EVIL, EVIL);
};
const SETTINGS = { mode: 'available', audioOnly: false } as const;
const STORAGE = { name: EVIL, type: EVIL, bucket: EVIL, path: EVIL };

const HOOK = { hook_type: EVIL, webhook_url: EVIL, event_types: [EVIL], [EVIL]: EVIL };
const STAGE: Stage = {
  recording: RECORDING,
  report: REPORT,
  events: EVENTS,
  transferred: 5,
  cached: [{ description: EVIL, byteLength: 10, present: 5, lastUsedMs: START, inUse: true }],
  ffmpeg: noFfmpeg({ path: '/opt/ffmpeg', reason: 'failed', message: '/opt/ffmpeg crashes' }),
  env: {
    FFMPEG_PATH: EVIL,
    STREAM_API_KEY: EVIL,
    STREAM_API_SECRET: 'secret',
    STREAM_BASE_URL: `https://${EVIL}`,
  },
  control: {
    list: async () => [ENTRY, { ...ENTRY, session: 'two' }],
    status: async (call) => ({
      call,
      state: 'notRunning',
      isBackstage: true,
      isEncrypted: true,
      session: EVIL,
      settings: SETTINGS,
      seenAt: new Date(START),
    }),
    waitUntilReady: async () => ({ ...ENTRY, isInferred: true }),
    externalStorage: {
      list: async () => [STORAGE],
      create: async () => STORAGE,
      check: async () => EVIL,
      update: async () => STORAGE,
      delete: async () => ({ state: 'deleted' }),
      assign: async () => ({ state: 'assigned', before: EVIL }),
      unassign: async () => ({ state: 'unassigned', before: EVIL }),
    },
    eventHooks: {
      read: async () => ({ hooks: [HOOK], hasList: false, webhookUrl: EVIL }),
      register: async () => ({ state: 'added', outcome: 'left', before: [], after: [HOOK] }),
      unregister: async () => ({ state: 'removed', outcome: 'written', before: [HOOK], after: [] }),
    },
    grants: {
      get: async () => ({ [EVIL]: [EVIL] }),
      set: async () => ({ state: 'changed', before: [EVIL], after: [EVIL] }),
    },
  },
};
const BROKEN: Stage = {
  ...STAGE,
  openError: new CodedError('ERR_NOT_AN_ARCHIVE', EVIL, EVIL),
  control: { list: failing, start: failing, stop: failing, status: failing, delete: failing },
};
const UNKNOWN: Stage = { ...STAGE, planError: new CodedError('ERR_NO_SUCH_USER', EVIL, undefined, [EVIL]) };
const UNEXPECTED: Stage = { ...STAGE, openError: new Error(EVIL) };

const IN = ['--input-file', EVIL];
const CALL = ['recording', 'list', 'default:standup'] as const;
const call = (word: string, ...args: string[]) => ['recording', word, `default:a b`, ...args];

const COMMANDS: readonly (readonly string[])[] = [
  ['list-tracks', ...IN],
  ...['users', 'sessions', 'tracks', 'completion', 'json'].map((format) => [
    'list-tracks',
    ...IN,
    '--format',
    format,
  ]),
  ['extract-audio', ...IN, '--dry-run'],
  ['extract-audio', ...IN, '--output', EVIL],
  ['extract-audio', ...IN, '--output', 'out', '--user-id', EVIL],
  ['process-all', ...IN, '--output', 'out', '--quiet'],
  ['cache', 'list', '--cache-dir', EVIL],
  ['cache', 'clear', '--cache-dir', EVIL],
  ['doctor', '--output', EVIL],
  [...CALL, '--type', 'all'],
  call('wait'),
  call('status'),
  call('start', '--external-storage', EVIL),
  call('stop'),
  call('go-live'),
  call('stop-live'),
  call('delete', '--all', '--yes'),
  call('delete', '--session', EVIL, '--filename', EVIL, '--yes'),
  call('download', '--latest', '--process', '--output', EVIL),
  call('download', '--latest', '--output', EVIL),
  ['settings', 'get', '--call-type', EVIL],
  ['settings', 'set', '--call-type', EVIL, '--mode', 'available'],
  ['storage', 'list'],
  ['storage', 'create', EVIL, '--type', 's3', '--bucket', EVIL, '--region', EVIL],
  ['storage', 'update', EVIL, '--type', 's3', '--bucket', EVIL, '--region', EVIL],
  ['storage', 'delete', EVIL],
  ['storage', 'check', EVIL],
  ['storage', 'unassign', '--call-type', EVIL],
  ['storage', 'assign', EVIL, '--call-type', EVIL],
  ['grants', 'get', '--call-type', EVIL],
  ['grants', 'set', '--call-type', EVIL, '--role', EVIL, '--capabilities', EVIL],
  ['webhook', 'show'],
  ['webhook', 'register', '--sns', 'arn:aws:sns:eu-central-1:1:t', '--dry-run'],
  ['webhook', 'unregister', '--url', `https://a.example/${EVIL}`, '--yes'],
  ['webhook', 'register', '--url', EVIL],
  ['webhook', 'register', '--sqs', EVIL],
  ['webhook', 'register', '--sns', 'arn:aws:sns:eu-central-1:1:t', '--event', EVIL],
  ['auth', 'status'],
  // What makes no sense is quoted, too.
  [EVIL],
  ['help', EVIL],
  ['recording', EVIL],
  ['recording', 'start', EVIL],
  ['completion', EVIL],
  ['list-tracks', EVIL],
  ['list-tracks', `--${EVIL}`],
  ['list-tracks', '--format', EVIL, ...IN],
  ['list-tracks', `--quiet=${EVIL}`],
  ['list-tracks', '--max-entries', EVIL, ...IN],
  ['list-tracks', '--max-entry-size', EVIL, ...IN],
  ['list-tracks', '--input-s3', EVIL],
  ['list-tracks', '--s3-endpoint', EVIL, ...IN],
  ['mix-audio', '--loudness', EVIL, ...IN, '--output', 'out'],
  ['recording', 'wait', 'default:a', '--since', EVIL],
];

const STAGES: Readonly<Record<string, Stage>> = {
  'as they should': STAGE,
  'with errors': BROKEN,
  'of an id that nobody has': UNKNOWN,
  'with a fault': UNEXPECTED,
};

describe.each(Object.keys(STAGES))('when things go %s', (name) => {
  const stage = STAGES[name] ?? {};
  const isHarmless = (text: string) => !UNPRINTABLE.test(text.replace(OURS, ''));

  it.each(COMMANDS)('%s %s: prints nothing that a terminal would act on', async (...args) => {
    for (const more of [[], ['--verbose'], ['--json']]) {
      for (const columns of [undefined, 40, 200]) {
        const terminal = { stdoutColumns: columns, stderrColumns: columns } as Pick<Stage, 'stdoutColumns'>;
        const { stdout, stderr } = await rawreel([...args, ...more], { ...stage, ...terminal });
        const said = [more, columns, stdout, stderr];
        expect([...said, isHarmless(stdout), isHarmless(stderr)]).toEqual([...said, true, true]);
        expect(`${stdout}${stderr}`).not.toBe('');
      }
    }
  });
});
