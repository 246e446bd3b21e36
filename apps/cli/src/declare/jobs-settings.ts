import { UsageError } from '../failure/errors.ts';
import { durationOf, timeOf } from './control-settings.ts';
import type { ParsedOptions } from './parse.ts';
import { empty } from './settings.ts';

/** Of every command that asks a service. */
export interface JobsSettings {
  /** As far as they are on the command line. */
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  readonly requestTimeoutMs: number;
  readonly json: boolean;
}

/** @throws UsageError as every function here: for what no single option can tell */
export function jobsSettings(options: ParsedOptions): JobsSettings {
  const { url, tokenFile, json, requestTimeout = '' } = options;
  if (url === '') throw empty('--url');
  if (tokenFile === '') throw empty('--token-file');
  return {
    url,
    tokenFile,
    requestTimeoutMs: durationOf('--request-timeout', requestTimeout),
    json: json === true,
  };
}

export interface WatchJobsSettings extends JobsSettings {
  readonly state: string | undefined;
  readonly call: string | undefined;
}

export function watchJobsSettings(options: ParsedOptions): WatchJobsSettings {
  const { state, call } = options;
  if (call === '') throw empty('--call');
  return { ...jobsSettings(options), state, call };
}

export interface ListJobsSettings extends WatchJobsSettings {
  readonly since: Date | undefined;
  readonly limit: number;
}

export function listJobsSettings(options: ParsedOptions): ListJobsSettings {
  const { limit = '' } = options;
  if (!/^[1-9]\d{0,6}$/.test(limit))
    throw new UsageError(`--limit takes a number from 1 to 9999999, not "${limit}"`);
  return {
    ...watchJobsSettings(options),
    since: timeOf('--since', options.since),
    limit: Number(limit),
  };
}

export interface JobSettings extends JobsSettings {
  readonly id: string;
}

export const jobSettings = (id: string, options: ParsedOptions): JobSettings => ({
  ...jobsSettings(options),
  id,
});
