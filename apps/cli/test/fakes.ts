import { PassThrough, Readable, Writable } from 'node:stream';
import type { OpenOptions, Recording, Track } from '@rawreel/archive';
import type {
  Cause,
  DrawnNames,
  Ffmpeg,
  FrameLine,
  InspectedTrack,
  Inspection,
  NoFfmpeg,
  PacketLine,
  Plan,
  PlanRequest,
  ProgressEvent,
  Report,
  ReportedTrackFile,
  RunOptions,
} from '@rawreel/processor';
import {
  csvOf,
  ffmpegNeedsOf,
  flawOfPicture,
  hardwareEncodersOf,
  howToInstallFfmpeg,
  htmlOf,
  isHiddenFromSnap,
  lackingPictures,
  makeTranscript,
  mergedManifest,
  NamedFiles,
  PICTURE_ENCODERS,
  parseManifest,
  readCommandTemplate,
  readDisplayNames,
  readManifest,
  readStreamLayout,
  readTranscription,
  SOUND_ENCODERS,
  whereIs,
} from '@rawreel/processor';
import {
  addressOf,
  eventTypesOf,
  formatCallRef,
  formatSettingsDiff,
  formatTarget,
  type ListedRecording,
  parseCallRef,
  RECORDING_CAPABILITIES,
  type RecordingControl,
  safeBaseUrl,
  withoutHookSecrets,
} from '@rawreel/recording-control';
import type { CachedObject } from '@rawreel/storage';
import type { Context, Environment, Input, Interruption } from '../src/context.ts';
import type { JobWithHistory } from '../src/jobs/job.ts';
import type { JobsApi, JobsApiOptions } from '../src/jobs/jobs-api.ts';
import type { Packages, ProcessorPackage, StoragePackage } from '../src/lazy-packages.ts';
import { run } from '../src/run.ts';

/** A stream that remembers, and is a terminal when given a width. */
export class FakeOutput extends Writable {
  text = '';
  isTTY: boolean;
  columns: number | undefined;
  rows: number | undefined;
  onWrite: (text: string) => void = () => undefined;

  constructor(columns?: number, rows = 24) {
    super({ decodeStrings: false });
    this.isTTY = columns !== undefined;
    this.columns = columns;
    this.rows = columns === undefined ? undefined : rows;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
    this.onWrite(String(chunk));
  }
}

export function track(facts: Partial<Track> = {}): Track {
  const segment = {
    base: 'audio_1',
    codec: facts.codec ?? 'audio/opus',
    timing: {},
    dump: { container: 'file', path: 'audio_1.rtpdump', name: 'audio_1.rtpdump', size: 1_000_000 },
    sdp: 'v=0',
  } as const;
  return {
    callType: 'default',
    callId: 'standup',
    callSessionId: 'run-1',
    userId: 'alice',
    sessionId: 's-alice',
    trackId: 't-alice-mic',
    trackType: 'TRACK_TYPE_AUDIO',
    kind: 'audio',
    screenshare: false,
    codec: 'audio/opus',
    segments: [segment],
    startsAtMs: START + 200,
    endsAtMs: START + 60_200,
    ...facts,
  };
}

/** 2026-11-20T09:30:00Z */
export const START = 1_795_167_000_000;

const SIZED = { maxFrameDimension: { width: 1280, height: 720 } };

export const ALICE_MIC = track();
export const ALICE_CAMERA = track({
  trackId: 't-alice-cam',
  trackType: 'TRACK_TYPE_VIDEO',
  kind: 'video',
  codec: 'video/VP8',
  segments: [{ base: 'video_1', codec: 'video/VP8', timing: SIZED }],
});
export const BOB_MIC = track({
  userId: 'bob',
  sessionId: 's-bob',
  trackId: 't-bob-mic',
  endsAtMs: START + 90_000,
});

export function recording(facts: Partial<Recording> = {}): Recording {
  const tracks = facts.tracks ?? [ALICE_MIC, ALICE_CAMERA, BOB_MIC];
  return {
    source: 'call.zip',
    container: { kind: 'zip', byteLength: 412_345_678 },
    callType: 'default',
    callId: 'standup',
    callSessionId: 'run-1',
    callStartMs: START,
    zeroUnixMs: START,
    sessions: [],
    problems: [],
    ...facts,
    tracks,
  };
}

export function reportedFile(facts: Partial<ReportedTrackFile> = {}): ReportedTrackFile {
  return {
    kind: 'audio',
    path: 'alice.mkv',
    userId: 'alice',
    sessionId: 's-alice',
    trackId: 't-alice-mic',
    trackType: 'TRACK_TYPE_AUDIO',
    codec: 'opus',
    startsAt: '2026-11-20T09:30:00.200Z',
    offsetMs: 200,
    durationMs: 60_000,
    byteLength: 480_000,
    sha256: '00',
    frames: 3000,
    packets: {
      received: 3000,
      lost: 0,
      late: 0,
      duplicate: 0,
      reordered: 0,
      recovered: 0,
      padding: 0,
      foreign: 0,
      malformed: 0,
    },
    gaps: [],
    segments: 1,
    clock: { source: 'reports', reports: 12, uncertaintyMs: 0.4, driftPpm: 0 },
    ...facts,
  };
}

export function report(facts: Partial<Report> = {}): Report {
  return {
    source: 'call.zip',
    files: [reportedFile()],
    alreadyMade: [],
    failures: [],
    problems: [],
    damaged: false,
    elapsedMs: 3100,
    ...facts,
  };
}

export const CAUSE: Cause = {
  cause: 'network-freeze',
  confidence: 'high',
  userId: 'bob',
  sessionId: 's-bob',
  trackIds: ['t-bob-mic'],
  fromMs: 724_000,
  untilMs: 846_000,
  offsetMs: 723_900,
  times: [{ fromMs: 724_000, untilMs: 726_800 }],
  evidence: { count: 3, lost: 31 },
  sentence:
    'network froze 3 times from 12:04 to 14:06 (longest 2.8 s): both tracks stood together, 31 packets lost',
};

const UNTROUBLED = { spokenMs: 60_000, impairedMs: 0, impairedShare: 0 };

export const INSPECTED: InspectedTrack = {
  userId: 'bob',
  sessionId: 's-bob',
  trackId: 't-bob-mic',
  trackType: 'TRACK_TYPE_AUDIO',
  kind: 'audio',
  screenshare: false,
  codec: 'opus',
  segments: [{ fromMs: 0, untilMs: 2_537_000 }],
  mutedMs: 0,
  packets: {
    received: 2969,
    expected: 3000,
    lost: 31,
    lostShare: 31 / 3000,
    unrepaired: 31,
    duplicate: 0,
    reordered: 0,
    late: 0,
    padding: 0,
    foreign: 0,
    malformed: 0,
    reports: 12,
  },
  bursts: { count: 1, density: 0.5, meanMs: 80, gapDensity: 0, gapMeanMs: 1000, list: [] },
  jitter: { meanMs: 2.52, maxMs: 4.62 },
  delta: { meanMs: 20, maxMs: 2800 },
  stalls: [],
  repairs: {
    rtx: { packets: 0, bytes: 0, repaired: 0 },
    red: { packets: 0, repaired: 0 },
    fec: { packets: 0, bytes: 0, repaired: 0 },
  },
  bitrate: { meanKbps: 32, maxKbps: 48 },
  delay: { meanMs: 3, maxMs: 41 },
  clock: { source: 'reports', reports: 12, uncertaintyMs: 5, driftPpm: 143, steps: 0 },
  sound: {
    ...UNTROUBLED,
    carriedMs: 59_380,
    dtxMs: 0,
    pausedMs: 0,
    silentMs: 0,
    concealedMs: 620,
    interruptedMs: 0,
    turns: [],
    holes: [],
  },
  seconds: {
    second: [0, 1],
    packets: [50, 49],
    lost: [0, 1],
    repaired: [0, 0],
    kbps: [32, 31.4],
    jitterMs: [2, 3],
    deltaMs: [21, 40],
    delayMs: [0, null],
    levelDbov: [-30, null],
  },
};

export const inspection = (facts: Partial<Inspection> = {}): Inspection => ({
  version: 1,
  call: { type: 'default', id: 'standup', sessionId: 'run-1' },
  zeroAt: new Date(START).toISOString(),
  durationMs: 2_537_000,
  headline: 'sound impaired 1.4 % of the time bob spoke',
  speech: UNTROUBLED,
  participants: ['alice', 'bob'].map((userId) => ({
    userId,
    sessions: [],
    speech: UNTROUBLED,
    picture: { shownMs: 0, frozenMs: 0, frozenShare: 0 },
  })),
  tracks: [INSPECTED],
  causes: [CAUSE],
  problems: [],
  ...facts,
});

const PACKETS: readonly PacketLine[] = [
  {
    trackId: 't-bob-mic',
    atMs: 20.4,
    size: 93,
    fate: 'media',
    ssrc: 7,
    payloadType: 111,
    sequence: 5,
    timestamp: 960,
    marker: true,
  },
  { trackId: 't-bob-mic', atMs: 61_040, size: 52, fate: 'report' },
  {
    trackId: 't-bob-mic',
    atMs: 61_060,
    size: 1100,
    fate: 'repaired',
    repairedByFec: 2,
    ssrc: 8,
    payloadType: 49,
    sequence: 6,
    timestamp: 1920,
    marker: false,
  },
];

const FRAMES: readonly FrameLine[] = [
  {
    trackId: 't-bob-cam',
    ssrc: 7,
    atMs: 40,
    mediaMs: 0,
    timestamp: 3000,
    size: 4711,
    keyFrame: true,
    lossBefore: 2,
    width: 640,
    height: 360,
    rotation: 90,
  },
];

/** An error as the packages throw them: known by its code, not by its class. */
export class CodedError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: { readonly known?: readonly string[] };

  constructor(code: string, message: string, hint?: string, known?: readonly string[]) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.details = known ? { known } : {};
  }
}

export interface Told {
  opened?: { path: string; options: OpenOptions | undefined };
  closed: boolean;
  /** The work folder is gone, and was after the recording was closed. */
  cleaned: boolean;
  request?: PlanRequest;
  ran?: RunOptions;
  ffmpegAsked?: string | undefined;
  /** What Stream would have been asked with. */
  credentials?: object;
  /** How a service would have been asked. */
  jobsAsked?: JobsApiOptions;
  downloaded?: { address: string; path: string };
}

export interface Script {
  readonly recording?: Recording;
  /** Where it is read over a network. */
  readonly transferred?: number;
  readonly cached?: readonly CachedObject[];
  readonly storage?: Partial<StoragePackage>;
  readonly processor?: Partial<ProcessorPackage>;
  readonly control?: Partial<RecordingControl>;
  readonly jobs?: Partial<JobsApi>;
  /** Called at the beginning of a run with the folder that it writes to. */
  readonly making?: (folder: string) => void;
  readonly openError?: unknown;
  readonly planError?: unknown;
  readonly report?: Report;
  readonly inspection?: Inspection;
  readonly runError?: unknown;
  readonly events?: readonly ProgressEvent[];
  /** Called in the middle of a run. */
  readonly during?: () => void;
  readonly ffmpeg?: Ffmpeg | NoFfmpeg;
  /** What of names can be drawn; default: all. */
  readonly letters?: DrawnNames;
}

export const noFfmpeg = (facts: Partial<NoFfmpeg> = {}): NoFfmpeg => ({
  path: 'ffmpeg',
  reason: 'missing',
  message: `there is no ffmpeg at ${facts.path ?? 'ffmpeg'}`,
  ...facts,
});

export const LISTED: ListedRecording = {
  session: 's-1',
  filename: 'standup.zip',
  type: 'raw',
  startTime: new Date(START),
  endTime: new Date(START + 60_000),
  url: 'https://media.example/standup.zip?X-Amz-Signature=5ec7e7',
  expiresAt: undefined,
};

const STANDUP = { type: 'default', id: 'standup' };

const OFF = { mode: 'available', audioOnly: false } as const;

/** An app whose calls are recorded and stopped at once, with one recording each. */
function fakeControl(control: Script['control'] = {}): RecordingControl {
  let looks = 0;
  return {
    access: async () => ({ clockOffsetMs: 0 }),
    start: async () => ({ state: 'started', since: new Date(START) }),
    stop: async () => ({ state: 'stopped', endedSince: new Date(START + 60_000) }),
    status: async (call) => ({
      call,
      state: 'notRunning',
      isBackstage: false,
      isEncrypted: false,
      seenAt: new Date(START + 60_000 * looks++),
      session: 's-1',
      settings: OFF,
    }),
    list: async () => [LISTED],
    delete: async () => ({ state: 'deleted' }),
    waitUntilReady: async () => ({ ...LISTED, isInferred: true }),
    async *calls() {
      yield STANDUP;
    },
    async *sweep() {
      yield { call: STANDUP, state: 'listed', recordings: [LISTED], unusable: [] };
    },
    goLive: async () => ({ state: 'live', recording: 'started' }),
    stopLive: async () => ({ state: 'stopped' }),
    settings: {
      getForCall: async () => OFF,
      getForCallType: async () => OFF,
      setForCall: async (call) => ({ target: { call }, state: 'unchanged', settings: OFF }),
      setForCallType: async (callType) => ({ target: { callType }, state: 'unchanged', settings: OFF }),
      listCallTypes: async () => [{ name: 'default', settings: OFF }],
      setMany: async (targets, _change, { dryRun = false } = {}) => ({
        isDryRun: dryRun,
        changed: [],
        unchanged: targets.map((target) => ({ target, state: 'unchanged', settings: OFF })),
        failed: [],
      }),
    },
    eventHooks: {
      read: async () => ({
        hooks: [{ hook_type: 'webhook', webhook_url: 'https://calls.example.com/webhooks/stream' }],
        hasList: true,
        webhookUrl: undefined,
      }),
      register: async () => ({ state: 'unchanged', outcome: 'unchanged', before: [], after: [] }),
      unregister: async () => ({ state: 'unchanged', outcome: 'unchanged', before: [], after: [] }),
    },
    grants: {
      get: async () => ({ host: ['start-raw-record-call'], guest: [] }),
      set: async (_callType, _role, after) => ({ state: 'changed', before: [], after }),
    },
    externalStorage: {
      list: async () => [],
      create: async ({ name, type, bucket, path = '' }) => ({ name, type, bucket, path }),
      check: async () => 'https://bucket.example/check',
      update: async ({ name, type, bucket, path = '' }) => ({ name, type, bucket, path }),
      delete: async () => ({ state: 'deleted' }),
      assign: async () => ({ state: 'assigned', before: undefined }),
      unassign: async () => ({ state: 'unassigned', before: 'archive' }),
    },
    ...control,
  };
}

export const JOB: JobWithHistory = {
  id: '75b7b884-c2dd-4901-be86-ee1795175a4e',
  call: 'default:standup',
  state: 'done',
  since: '2026-11-20T09:31:12.000Z',
  attempt: 1,
  outputs: { destination: 'media/standup', files: 4, bytes: 2_950_758 },
  facts: [],
  holds: [],
};

function planFor(source: Recording, request: PlanRequest): Plan {
  const wanted = source.tracks.filter(({ kind }) => request.outputs.includes(kind));
  return {
    version: 1,
    source: source.source,
    call: { type: source.callType, id: source.callId, sessionId: source.callSessionId },
    zeroUnixMs: START,
    gaps: request.gaps ?? 'fill',
    dtx: request.dtx ?? 'fill',
    align: request.align ?? 'track',
    tracks: wanted.map((each) => ({
      ...each,
      segments: each.segments.map(({ base, timing, dump }) => ({
        base,
        timing,
        codec: each.kind === 'audio' ? ('opus' as const) : ('vp8' as const),
        ...(dump && { dump }),
      })),
    })),
    outputs: wanted.map(({ kind, trackId }, number) => ({ kind, file: `${trackId}.mkv`, track: number })),
    problems: source.problems,
  };
}

export function fakePackages(script: Script, told: Told): Packages {
  const source = script.recording ?? recording();
  return {
    archive: async () => ({
      openRecording: async (path, options) => {
        told.opened = { path, options };
        if (script.openError !== undefined) throw script.openError;
        return {
          ...source,
          fetch: () => Promise.resolve(),
          transferred: script.transferred,
          async [Symbol.asyncDispose]() {
            told.closed = true;
          },
        };
      },
    }),
    processor: async () => ({
      planRecording: (opened, request) => {
        told.request = request;
        if (script.planError !== undefined) throw script.planError;
        return planFor(opened, request);
      },
      openWorkFolder: async (output) => ({
        path: `${output}/.work`,
        async [Symbol.asyncDispose]() {
          told.cleaned = told.closed;
        },
      }),
      runPlan: async (_plan, options) => {
        told.ran = options;
        script.making?.(options.output);
        for (const event of script.events ?? []) options.onProgress?.(event);
        if (script.inspection !== undefined) options.onInspection?.(script.inspection);
        script.during?.();
        if (script.runError !== undefined) throw script.runError;
        return script.report ?? report();
      },
      lookForFfmpeg: async (path) => {
        told.ffmpegAsked = path;
        return script.ffmpeg ?? noFfmpeg({ path: path ?? 'ffmpeg' });
      },
      SOUND_ENCODERS,
      PICTURE_ENCODERS,
      lackingPictures,
      howToInstallFfmpeg,
      isHiddenFromSnap,
      whereIs,
      lookForLetters: async () => script.letters ?? { areDrawn: true, missingScripts: [] },
      hardwareEncodersOf,
      tryEncoder: async (encoder) => encoder === 'h264_nvenc',
      readDisplayNames,
      flawOfPicture,
      readStreamLayout,
      makeTranscript,
      readCommandTemplate,
      readTranscription,
      inspectRecording: async () => script.inspection ?? inspection(),
      captureRecording: async function* () {
        yield Buffer.from('pcapng');
      },
      packetLinesOf: async function* () {
        yield PACKETS;
      },
      frameLinesOf: async function* () {
        yield FRAMES;
      },
      scrubRecording: async function* () {
        yield Buffer.from('PK');
      },
      NamedFiles,
      csvOf,
      htmlOf,
      readManifest,
      parseManifest,
      mergedManifest,
      ...script.processor,
    }),
    ffmpeg: async () => ({
      ffmpegNeedsOf,
      knownFfmpeg: async (path) => {
        told.ffmpegAsked = path ?? 'ffmpeg';
        return script.ffmpeg ?? noFfmpeg({ path: path ?? 'ffmpeg' });
      },
    }),
    storage: async () => ({
      listCache: async () => script.cached ?? [],
      clearCache: async () => ({ objects: script.cached?.length ?? 0, bytes: 5_000_000 }),
      evictCache: async () => undefined,
      uploadFile: () => Promise.reject(new Error('no bucket here')),
      downloadSmall: () => Promise.reject(new Error('no bucket here')),
      async *listObjects() {},
      downloadFile: async (address, path) => {
        told.downloaded = { address, path };
        return { byteLength: 1_300_000, transferred: 1_300_000, isKept: false };
      },
      ...script.storage,
    }),
    control: async () => ({
      safeBaseUrl,
      RECORDING_CAPABILITIES,
      parseCallRef,
      formatCallRef,
      formatTarget,
      formatSettingsDiff,
      addressOf,
      eventTypesOf,
      withoutHookSecrets,
      createRecordingControl: (credentials) => {
        told.credentials = credentials;
        return fakeControl(script.control);
      },
    }),
    jobs: async () => ({
      createJobsApi: (options) => {
        told.jobsAsked = options;
        return {
          list: async () => ({ recordings: [JOB] }),
          show: async () => JOB,
          retry: async () => ({ ...JOB, state: 'queued' }),
          cancel: async () => ({ ...JOB, state: 'cancelled' }),
          ...script.jobs,
        };
      },
    }),
  };
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly told: Told;
}

export interface Stage extends Script {
  /** Columns of a terminal; without, the stream is none. */
  readonly stdoutColumns?: number;
  readonly stderrColumns?: number;
  readonly env?: Environment;
  readonly interruption?: AbortController;
  readonly nodeVersion?: string;
  readonly workingFolder?: string;
  /** `none`: this user has none. */
  readonly configFolder?: string;
  readonly userId?: number;
  /** The real ones instead of the script. */
  readonly packages?: Packages;
  /** What comes from a pipe. */
  readonly stdin?: string | Uint8Array;
  /** Told of each piece of stderr. */
  readonly onStderr?: (text: string) => void;
  /** Lines that are typed at a terminal. */
  readonly typed?: readonly string[];
}

/** A terminal at which each line is typed when a question is asked on the other stream. */
function typing(lines: readonly string[], asking: FakeOutput): Input {
  const left = [...lines];
  const input = Object.assign(new PassThrough(), { isTTY: true });
  asking.onWrite = (text) => {
    if (/(: |\] )$/.test(text)) input.write(`${left.shift() ?? '\u0004'}\r`);
  };
  return input;
}

/** Runs the whole program against the script. */
export async function rawreel(args: readonly string[], stage: Stage = {}): Promise<Outcome> {
  const told: Told = { closed: false, cleaned: false };
  const stdout = new FakeOutput(stage.stdoutColumns);
  const stderr = new FakeOutput(stage.stderrColumns);
  if (stage.onStderr) stderr.onWrite = stage.onStderr;
  const context: Context = {
    stdin: stage.typed ? typing(stage.typed, stderr) : Readable.from([stage.stdin ?? '']),
    stdout,
    stderr,
    env: stage.env ?? {},
    signal: (stage.interruption ?? new AbortController()).signal,
    packages: stage.packages ?? fakePackages(stage, told),
    machine: {
      nodeVersion: stage.nodeVersion ?? '24.21.0',
      platform: 'linux',
      arch: 'x64',
      workingFolder: stage.workingFolder ?? import.meta.dirname,
      userId: stage.userId ?? process.geteuid?.(),
      configFolder: async () =>
        stage.configFolder === 'none' ? undefined : (stage.configFolder ?? '/nonexistent'),
    },
  };
  const exitCode = await run(args, context);
  return { exitCode, stdout: stdout.text, stderr: stderr.text, told };
}

export const INTERRUPTED: Interruption = { signalName: 'SIGINT', exitCode: 130 };
