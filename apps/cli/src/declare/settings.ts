import type { MixFormat, MixRequest, MuxRequest, PlanRequest } from '@rawreel/processor';
import { BITRATES_KBPS, LOSSLESS_FORMATS, LOUDNESS_LUFS, MOST_USERS_APART } from '@rawreel/processor/choices';
import { isAddress } from '@rawreel/storage/address';
import { UsageError } from '../failure/errors.ts';
import type { ListFormat, ParsedOptions } from './parse.ts';
import type { IdKind } from './spec.ts';

export interface Input {
  readonly flag: '--input-file' | '--input-dir' | '--input-s3';
  /** Or an address. */
  readonly path: string;
}

/** How addresses are read and written. */
export interface RemoteSettings {
  /** Absent: the user's own. */
  readonly cacheFolder?: string;
  /** Whether what was read stays for the next command. */
  readonly keep: boolean;
  readonly s3Endpoint?: string;
}

export interface Limits {
  readonly maxEntrySize?: number;
  readonly maxEntries?: number;
}

interface Shared {
  readonly input: Input;
  readonly remote: RemoteSettings;
  readonly limits: Limits;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly acceptDamage: boolean;
}

export interface ListTracksSettings extends Shared {
  readonly format: ListFormat;
  readonly trackType?: 'audio' | 'video';
  readonly completionType: IdKind;
}

export interface Filter {
  readonly flag: '--user-id' | '--session-id' | '--track-id';
  readonly key: 'userId' | 'sessionId' | 'trackId';
  readonly id: string;
}

export interface MakeSettings extends Shared {
  /** What to make, and how; the filter, whose id is only typed, comes beside it. */
  readonly request: Pick<PlanRequest, 'outputs' | 'gaps' | 'dtx' | 'align' | 'muxed' | 'mix'>;
  /** Absent only for a dry run. */
  readonly output?: string;
  readonly filter?: Filter;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly workers?: number;
  /** Bytes that all files may come to by filling. */
  readonly maxOutputBytes: number | undefined;
  /** Whether what an earlier run has finished is kept; absent where a command never does. */
  readonly resume?: 'keep' | 'anew';
  readonly verify: boolean;
}

/** @throws UsageError for what no single option can tell: exclusive or missing ones, sizes and counts */
export function listTracksSettings(options: ParsedOptions): ListTracksSettings {
  return {
    ...shared(options),
    format: (options.format ?? 'table') as ListFormat,
    completionType: options.completionType ?? 'tracks',
    ...(options.trackType !== undefined && { trackType: options.trackType }),
  };
}

/** @throws UsageError as {@link listTracksSettings} */
export function makeSettings(outputs: PlanRequest['outputs'], options: ParsedOptions): MakeSettings {
  const filter = filterOf(options);
  const workers = wholeNumber('--workers', options.workers, 4);
  const dryRun = options.dryRun === true;
  const output = options.output;
  if (output === '') throw empty('--output');
  if (output === undefined && !dryRun) {
    throw new UsageError('--output is missing: the folder to write to', [
      'Or print what would be written: --dry-run',
    ]);
  }
  return {
    ...shared(options),
    request: {
      outputs,
      gaps: options.fillGaps === false ? 'keep' : 'fill',
      dtx: options.fixDtx === false ? 'keep' : 'fill',
      align: options.align ?? (outputs.includes('transcription') ? 'recording' : 'track'),
      ...(outputs.includes('muxed') && { muxed: muxRequest(options) }),
      ...(outputs.includes('mix') && { mix: mixRequest(options) }),
    },
    dryRun,
    json: options.json === true,
    ...(options.force !== undefined && { resume: options.force ? ('anew' as const) : ('keep' as const) }),
    verify: options.verify === true,
    maxOutputBytes: byteCount('--max-output', options.maxOutput),
    ...(output !== undefined && { output: output }),
    ...(filter && { filter }),
    ...(workers !== undefined && { workers }),
  };
}

/** All that can be made of a recording for people to play. */
export function allOutputs(withMix = true): PlanRequest['outputs'] {
  return withMix ? ['audio', 'video', 'muxed', 'mix'] : ['audio', 'video', 'muxed'];
}

function muxRequest({ media, container, includeSingle }: ParsedOptions): MuxRequest {
  return {
    ...(media !== undefined && { media }),
    ...(container !== undefined && { container }),
    ...(includeSingle !== undefined && { includeSingle }),
  };
}

function mixRequest({ format, layout, screenshare, ...options }: ParsedOptions): MixRequest {
  const bitrateKbps = bitrate(options.bitrate, format);
  if (layout === 'per-user' && MOST_USERS_APART[(format ?? 'mp3') as MixFormat] === undefined) {
    throw new UsageError(`--layout per-user needs --format mkv or wav, not ${format ?? 'mp3'}`, [
      'mkv has a track for each user, wav a channel.',
    ]);
  }
  const loudnessLufs = loudness(options.loudness);
  return {
    ...(format !== undefined && { format: format as MixFormat }),
    ...(layout !== undefined && { layout }),
    ...(screenshare !== undefined && { screenshare }),
    ...(bitrateKbps !== undefined && { bitrateKbps }),
    ...(loudnessLufs !== undefined && { loudnessLufs }),
  };
}

function bitrate(text: string | undefined, format: ParsedOptions['format']): number | undefined {
  if (text === undefined) return undefined;
  const kbps = Number(text);
  if (format !== undefined && LOSSLESS_FORMATS.includes(format)) {
    throw new UsageError(`--bitrate is of mp3, m4a, opus and mkv, not of ${format}, which is lossless`);
  }
  if (/^\d+$/.test(text) && kbps >= BITRATES_KBPS.least && kbps <= BITRATES_KBPS.most) return kbps;
  throw new UsageError(
    `--bitrate takes kbit/s from ${BITRATES_KBPS.least} to ${BITRATES_KBPS.most}, such as 128, not "${text}"`,
  );
}

function loudness(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const lufs = Number(text);
  if (/^-\d+(\.\d+)?$/.test(text) && lufs >= LOUDNESS_LUFS.least && lufs <= LOUDNESS_LUFS.most) return lufs;
  throw new UsageError(
    `--loudness takes LUFS from ${LOUDNESS_LUFS.least} to ${LOUDNESS_LUFS.most}, such as -16, not "${text}"`,
  );
}

export interface DoctorSettings {
  /** Absent: the working folder. */
  readonly output?: string;
  readonly json: boolean;
  /** What every encoder is for, also those that are there. */
  readonly verbose: boolean;
}

export function doctorSettings({ output, json, verbose }: ParsedOptions): DoctorSettings {
  if (output === '') throw empty('--output');
  return { json: json === true, verbose: verbose === true, ...(output !== undefined && { output }) };
}

function shared(options: ParsedOptions): Shared {
  const maxEntrySize = byteCount('--max-entry-size', options.maxEntrySize);
  const maxEntries = wholeNumber('--max-entries', options.maxEntries, 1000);
  return {
    input: inputOf(options),
    remote: remoteOf(options),
    limits: {
      ...(maxEntrySize !== undefined && { maxEntrySize }),
      ...(maxEntries !== undefined && { maxEntries }),
    },
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    acceptDamage: options.acceptDamage === true,
  };
}

function inputOf(options: ParsedOptions): Input {
  const given = (
    [
      { flag: '--input-file', path: options.inputFile },
      { flag: '--input-dir', path: options.inputDir },
      { flag: '--input-s3', path: options.inputS3 },
    ] as const
  ).flatMap(({ flag, path }) => (path === undefined ? [] : [{ flag, path }]));
  const [input, second] = given;
  if (input === undefined) {
    throw new UsageError('no recording is named', [
      'Add --input-file <archive>, --input-dir <extracted folder> or --input-s3 <address>.',
    ]);
  }
  if (second !== undefined) {
    throw new UsageError(`${input.flag} and ${second.flag} exclude each other`, [
      'Name one recording at a time.',
    ]);
  }
  if (input.path === '') throw empty(input.flag);
  if (input.flag === '--input-s3' && !isAddress(input.path)) {
    throw new UsageError(`--input-s3 takes s3://bucket/key or an https:// link, not "${input.path}"`, [
      'A file or folder of this machine is named with --input-file or --input-dir.',
    ]);
  }
  return input;
}

export function remoteOf({ cacheDir, cache, s3Endpoint }: ParsedOptions): RemoteSettings {
  if (cacheDir === '') throw empty('--cache-dir');
  if (s3Endpoint !== undefined && !/^https?:\/\/[^/]/i.test(s3Endpoint)) {
    throw new UsageError(
      `--s3-endpoint takes an address such as https://minio.example:9000, not "${s3Endpoint}"`,
    );
  }
  return {
    keep: cache !== false,
    ...(cacheDir !== undefined && { cacheFolder: cacheDir }),
    ...(s3Endpoint !== undefined && { s3Endpoint }),
  };
}

export interface CacheSettings {
  /** Absent: the user's own. */
  readonly cacheFolder?: string;
  readonly json: boolean;
}

export function cacheSettings({ cacheDir, json }: ParsedOptions): CacheSettings {
  if (cacheDir === '') throw empty('--cache-dir');
  return { json: json === true, ...(cacheDir !== undefined && { cacheFolder: cacheDir }) };
}

function filterOf(options: ParsedOptions): Filter | undefined {
  const filters = (
    [
      { flag: '--user-id', key: 'userId' },
      { flag: '--session-id', key: 'sessionId' },
      { flag: '--track-id', key: 'trackId' },
    ] as const
  ).flatMap((each) => {
    const id = options[each.key];
    return id === undefined ? [] : [{ ...each, id }];
  });
  const [filter, second] = filters;
  if (filter && second) {
    throw new UsageError(`${filter.flag} and ${second.flag} exclude each other`, [
      'Use one of --user-id, --session-id and --track-id: a track belongs to one session, a session to one user.',
    ]);
  }
  if (filter?.id === '') throw empty(filter.flag, 'Leave it out to mean all of them.');
  return filter;
}

export function empty(flag: string, hint?: string): UsageError {
  const hints = ['A variable that is not set, perhaps?'];
  return new UsageError(`${flag} is empty`, hint === undefined ? hints : [...hints, hint]);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function byteCount(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text);
  const bytes = Math.floor(Number(match?.[1]) * (UNITS[match?.[2]?.toUpperCase() ?? ''] ?? Number.NaN));
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new UsageError(`${flag} takes a size such as 500M or 2G, not "${text}"`);
}

/** @param example what could stand there */
function wholeNumber(flag: string, text: string | undefined, example: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`${flag} takes a whole number above 0, such as ${example}, not "${text}"`);
}
