import type { NewExternalStorage, RawRecordingChange } from '@rawreel/recording-control';
import { isAddress } from '@rawreel/storage/address';
import { UsageError } from '../failure/errors.ts';
import { DURATION } from './commands/access-options.ts';
import type { ParsedOptions } from './parse.ts';
import {
  allOutputs,
  empty,
  type MakeSettings,
  makeSettings,
  type RemoteSettings,
  remoteOf,
} from './settings.ts';

/** As far as they are on the command line. */
export interface GivenCredentials {
  readonly apiKey?: string | undefined;
  readonly apiSecret?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** Of every command that asks Stream for something. */
export interface ControlSettings {
  readonly access: GivenCredentials;
  /** Of one request; undefined where it has none to send. */
  readonly requestTimeoutMs: number | undefined;
  readonly json: boolean;
}

export interface CallSettings extends ControlSettings {
  /** `type:id` as typed. */
  readonly call: string;
}

/** @throws UsageError as every function here: for what no single option can tell */
export function controlSettings(options: ParsedOptions): ControlSettings {
  const { apiKey, apiSecret, baseUrl, json } = options;
  if (apiKey === '') throw empty('--api-key');
  if (apiSecret === '') throw empty('--api-secret');
  if (baseUrl === '') throw empty('--base-url', "Leave it out for Stream's own.");
  return {
    json: json === true,
    access: { apiKey, apiSecret, baseUrl },
    requestTimeoutMs: durationOf('--request-timeout', options.requestTimeout),
  };
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The longest that a timer of Node waits: behind it, it does not wait at all. */
const LONGEST_MS = 2 ** 31 - 1;

/** In milliseconds. */
export function durationOf<Text extends string | undefined>(
  flag: string,
  text: Text,
): number | (Text extends string ? never : undefined);
export function durationOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const amount = Number.parseFloat(text);
  const unit = text.replace(/^[\d.]+/, '') as keyof typeof UNIT_MS;
  const ms = DURATION.test(text) ? amount * UNIT_MS[unit] : Number.NaN;
  if (ms >= 1 && ms <= LONGEST_MS) return ms;
  throw new UsageError(`${flag} takes a time such as 90s, 15m or 2h, up to 24d, not "${text}"`);
}

export interface StartSettings extends CallSettings {
  readonly externalStorage?: string;
  readonly waitForSessionMs: number | undefined;
}

export function startSettings(call: string, options: ParsedOptions): StartSettings {
  const { externalStorage } = options;
  if (externalStorage === '') throw empty('--external-storage', 'Leave it out for that of the call type.');
  return {
    ...controlSettings(options),
    call,
    ...(externalStorage !== undefined && { externalStorage }),
    waitForSessionMs: durationOf('--wait-for-session', options.waitForSession),
  };
}

export interface ListSettings extends CallSettings {
  readonly types: 'raw' | 'all';
  readonly session?: string;
}

export function listSettings(call: string, options: ParsedOptions): ListSettings {
  const { type, session } = options;
  if (session === '') throw empty('--session');
  return {
    ...controlSettings(options),
    call,
    types: type === 'all' ? 'all' : 'raw',
    ...(session !== undefined && { session }),
  };
}

export interface WaitSettings extends CallSettings {
  readonly since: Date | undefined;
  readonly endedSince: Date | undefined;
  readonly timeoutMs: number | undefined;
}

export function waitSettings(call: string, options: ParsedOptions): WaitSettings {
  return {
    ...controlSettings(options),
    call,
    since: timeOf('--since', options.since),
    endedSince: timeOf('--ended-since', options.endedSince),
    timeoutMs: durationOf('--timeout', options.timeout),
  };
}

/** RFC 3339, as everything here prints times: a date alone would be midnight of another zone for half the world. */
export function timeOf(flag: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time);
  throw new UsageError(`${flag} takes a time such as 2026-11-20T09:30:00Z, not "${text}"`);
}

/** Which of a call's recordings. */
export type Choice =
  | { readonly which: 'latest' }
  | { readonly which: 'all' }
  | { readonly which: 'named'; readonly session?: string; readonly filename?: string };

export interface ChosenSettings extends CallSettings {
  readonly choice: Choice;
}

function chosenSettings(call: string, options: ParsedOptions): ChosenSettings {
  return { ...controlSettings(options), call, choice: choiceOf(options) };
}

function choiceOf({ latest, all, session, filename }: ParsedOptions): Choice {
  if (session === '') throw empty('--session');
  if (filename === '') throw empty('--filename');
  const isNamed = session !== undefined || filename !== undefined;
  const given = [
    ...(latest ? ['--latest'] : []),
    ...(all ? ['--all'] : []),
    ...(isNamed ? [session === undefined ? '--filename' : '--session'] : []),
  ];
  const [first, second] = given;
  if (first === undefined) {
    throw new UsageError('it is not said which recording', ['Add --latest, --all, --session or --filename.']);
  }
  if (second !== undefined) throw new UsageError(`${first} and ${second} exclude each other`);
  if (!isNamed) return { which: latest ? 'latest' : 'all' };
  return {
    which: 'named',
    ...(session !== undefined && { session }),
    ...(filename !== undefined && { filename }),
  };
}

export interface DeleteSettings extends ChosenSettings {
  readonly isConfirmed: boolean;
}

export function deleteSettings(call: string, options: ParsedOptions): DeleteSettings {
  return { ...chosenSettings(call, options), isConfirmed: options.yes === true };
}

/** How files are written of recordings that Stream has. */
export interface FileSettings {
  readonly output: string;
  readonly remote: RemoteSettings;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly acceptDamage: boolean;
  /** As of `process-all`, for the recording behind a link. */
  media(link: string): MakeSettings;
}

function fileSettings(options: ParsedOptions): FileSettings {
  const { output, mix, quiet, verbose, acceptDamage } = options;
  if (output === undefined) throw new UsageError('--output is missing: the folder to write to');
  if (output === '') throw empty('--output');
  return {
    output,
    remote: remoteOf(options),
    quiet: quiet === true,
    verbose: verbose === true,
    acceptDamage: acceptDamage === true,
    media: (link) => makeSettings(allOutputs(mix), { ...options, inputS3: link, force: false }),
  };
}

export type DownloadSettings = ChosenSettings &
  FileSettings & {
    /** Whether media files are made instead of keeping the archive. */
    readonly process: boolean;
  };

export function downloadSettings(call: string, options: ParsedOptions): DownloadSettings {
  const process = options.process === true;
  const files = fileSettings(options);
  if (!process && isAddress(files.output)) throw noArchivesThere();
  return { ...files, ...chosenSettings(call, options), process };
}

export type WatchSettings = StartSettings & FileSettings & Pick<WaitSettings, 'timeoutMs'>;

export function watchSettings(call: string, options: ParsedOptions): WatchSettings {
  const timeoutMs = durationOf('--timeout', options.timeout);
  return { ...fileSettings(options), ...startSettings(call, options), timeoutMs };
}

export type SweepAction = 'list' | 'download' | 'process' | 'delete';

export interface SweepSettings extends ControlSettings {
  readonly action: SweepAction;
  readonly since: Date | undefined;
  readonly until: Date | undefined;
  readonly callType: string | undefined;
  readonly types: 'raw' | 'all';
  /** Of each call. */
  readonly isLatestOnly: boolean;
  readonly parallel: number;
  readonly isDryRun: boolean;
  readonly isConfirmed: boolean;
  /** Undefined where no file is written. */
  readonly files: FileSettings | undefined;
}

export function sweepSettings(options: ParsedOptions): SweepSettings {
  const { callType, parallel = '' } = options;
  if (callType === '') throw empty('--call-type');
  if (!/^[1-9]\d?$/.test(parallel)) {
    throw new UsageError(`--parallel takes a number from 1 to 99, not "${parallel}"`);
  }
  const action = sweepActionOf(options);
  const since = timeOf('--since', options.since);
  const until = timeOf('--until', options.until);
  if (since !== undefined && until !== undefined && since >= until) {
    throw new UsageError('--since is not before --until: no recording can begin between them');
  }
  const types = options.type === 'all' ? 'all' : 'raw';
  if (action === 'process' && types === 'all') throw new UsageError('--process is for raw recordings');
  const isWriting = action === 'download' || action === 'process';
  const files = isWriting ? fileSettings(options) : undefined;
  if (action === 'download' && isAddress(files?.output ?? '')) throw noArchivesThere();
  return {
    ...controlSettings(options),
    action,
    since,
    until,
    callType,
    types,
    isLatestOnly: options.latest === true,
    parallel: Number(parallel),
    isDryRun: options.dryRun === true,
    isConfirmed: options.yes === true,
    files,
  };
}

function sweepActionOf(options: ParsedOptions): SweepAction {
  const [first = 'list', second] = (['download', 'process', 'delete'] as const).filter(
    (name) => options[name],
  );
  if (second !== undefined) throw new UsageError(`--${first} and --${second} exclude each other`);
  return first;
}

const noArchivesThere = () =>
  new UsageError('--output takes a folder for archives', [
    'With --process, media files may go to s3://bucket/prefix.',
  ]);

export interface StopLiveSettings extends CallSettings {
  readonly continueRecording: boolean;
}

export function stopLiveSettings(call: string, options: ParsedOptions): StopLiveSettings {
  return { ...controlSettings(options), call, continueRecording: options.continueRecording === true };
}

/** Whose settings of raw recording. */
export type Target = { readonly call: string } | { readonly callType: string } | 'all call types';

export interface GetSettings extends ControlSettings {
  readonly target: Target;
}

export function getSettings(options: ParsedOptions): GetSettings {
  return { ...controlSettings(options), target: targetOf(options) };
}

export interface SetSettings extends GetSettings {
  readonly change: RawRecordingChange;
  readonly dryRun: boolean;
}

export function setSettings(options: ParsedOptions): SetSettings {
  const { mode, audioOnly, dryRun } = options;
  return { ...getSettings(options), change: changeOf(mode, audioOnly), dryRun: dryRun === true };
}

function changeOf(mode: ParsedOptions['mode'], audioOnly: boolean | undefined): RawRecordingChange {
  if (mode !== undefined) return { mode, audioOnly };
  if (audioOnly !== undefined) return { audioOnly };
  throw new UsageError('it is not said what to set', ['Add --mode, --audio-only or --no-audio-only.']);
}

function targetOf({ call, callType, allCallTypes }: ParsedOptions): Target {
  if (call === '') throw empty('--call');
  if (callType === '') throw empty('--call-type');
  const targets: { readonly flag: string; readonly target: Target }[] = [
    ...(call === undefined ? [] : [{ flag: '--call', target: { call } }]),
    ...(callType === undefined ? [] : [{ flag: '--call-type', target: { callType } }]),
    ...(allCallTypes ? [{ flag: '--all-call-types', target: 'all call types' as const }] : []),
  ];
  const [first, second] = targets;
  if (first === undefined) {
    throw new UsageError('it is not said whose settings', [
      'Add --call <type:id>, --call-type <name> or --all-call-types.',
    ]);
  }
  if (second !== undefined) throw new UsageError(`${first.flag} and ${second.flag} exclude each other`);
  return first.target;
}

export interface GrantsSettings extends ControlSettings {
  readonly callType: string;
}

export function grantsSettings(options: ParsedOptions): GrantsSettings {
  return { ...controlSettings(options), callType: needed('--call-type', options.callType) };
}

export interface SetGrantsSettings extends GrantsSettings {
  readonly role: string;
  readonly capabilities: readonly string[];
}

export function setGrantsSettings(options: ParsedOptions): SetGrantsSettings {
  const list = needed('--capabilities', options.capabilities);
  return {
    ...grantsSettings(options),
    role: needed('--role', options.role),
    capabilities: list === 'none' ? [] : list.split(',').map((each) => each.trim()),
  };
}

export interface StorageSettings extends ControlSettings {
  readonly name: string;
}

export function storageSettings(name: string, options: ParsedOptions): StorageSettings {
  return { ...controlSettings(options), name };
}

export interface AssignSettings extends StorageSettings {
  readonly callType: string;
}

export function assignSettings(name: string, options: ParsedOptions): AssignSettings {
  return { ...storageSettings(name, options), callType: needed('--call-type', options.callType) };
}

export function unassignSettings(options: ParsedOptions): ControlSettings & Pick<AssignSettings, 'callType'> {
  return { ...controlSettings(options), callType: needed('--call-type', options.callType) };
}

export interface CreateStorageSettings extends StorageSettings {
  readonly type: NewExternalStorage['type'];
  readonly bucket: string;
  readonly path?: string;
  readonly region?: string;
  readonly endpoint?: string;
  /** A file, or `-` for stdin. */
  readonly credentials?: string;
}

export function createStorageSettings(name: string, options: ParsedOptions): CreateStorageSettings {
  const { path, region, endpoint, credentials } = options;
  const type = needed('--type', options.type) as NewExternalStorage['type'];
  if (type === 's3') needed('--region', region);
  else {
    if (region !== undefined) throw new UsageError(`--region is of s3, not of ${type}`);
    if (endpoint !== undefined) throw new UsageError(`--endpoint is of s3, not of ${type}`);
    needed('--credentials', credentials);
  }
  if (endpoint !== undefined) needed('--credentials', credentials);
  return {
    ...storageSettings(name, options),
    type,
    bucket: needed('--bucket', options.bucket),
    ...(path !== undefined && { path }),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  };
}

function needed(flag: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${flag} is missing`);
  if (value === '') throw empty(flag);
  return value;
}
