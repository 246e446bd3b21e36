import type { PlanRequest } from '@rawreel/processor';
import type { OptionsOf } from '../declare/option.ts';
import { UsageError } from '../failure/errors.ts';
import { type INPUT, type Input, inputOf, type Limits, limitsOf } from '../options/input.ts';
import type { OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { type RemoteSettings, remoteSettings } from '../options/remote.ts';
import { type FILTERS, filterOf, type TrackFilter } from '../options/track-filter.ts';

/** What is made of a recording, and how. */
export interface MediaSettings {
  readonly input: Input;
  readonly remote: RemoteSettings;
  readonly limits?: Limits | undefined;
  /** The id of the filter, which is only typed, comes beside it. */
  readonly request: Omit<PlanRequest, TrackFilter['key']>;
  readonly filter?: TrackFilter | undefined;
  readonly workers?: number | undefined;
  /** Bytes that all files may come to by filling. */
  readonly maxOutput?: number | undefined;
  /** Whether what an earlier run has finished is kept; undefined where a command never does. */
  readonly resume?: 'keep' | 'anew' | undefined;
  readonly verify?: boolean | undefined;
  /** Where a page goes on what happened in the call. */
  readonly inspectionPage?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly acceptDamage: boolean;
}

/** What every command that makes media of a named recording is given. */
export type MediaOptions = OptionsOf<typeof INPUT & typeof FILTERS & typeof OUTPUT & typeof RUN_OPTIONS>;

/** @throws UsageError unless one recording is named, and for more than one filter */
export function mediaSettings(options: MediaOptions, request: MediaSettings['request']): MediaSettings {
  const { workers, maxOutput, json, quiet, verbose, acceptDamage } = options;
  return {
    input: inputOf(options),
    remote: remoteSettings(options),
    limits: limitsOf(options),
    request,
    filter: filterOf(options),
    workers,
    maxOutput,
    json,
    quiet,
    verbose,
    acceptDamage,
  };
}

/** @throws UsageError where files are to be written, and nobody says where to */
export function needOutput({ output, dryRun }: Pick<MediaOptions, 'output' | 'dryRun'>): void {
  if (output !== undefined || dryRun) return;
  throw new UsageError('--output is missing: the folder to write to', [
    'Or print what would be written: --dry-run',
  ]);
}

/** All that can be made of a recording for people to play. */
export function allOutputs(withMix: boolean): PlanRequest['outputs'] {
  return withMix ? ['audio', 'video', 'muxed', 'mix'] : ['audio', 'video', 'muxed'];
}

/** What becomes of gaps, and of silence that was not sent. */
export function fillPolicies({
  fillGaps,
  fixDtx,
}: {
  readonly fillGaps: boolean;
  readonly fixDtx: boolean;
}): Pick<PlanRequest, 'gaps' | 'dtx'> {
  return { gaps: fillGaps ? 'fill' : 'keep', dtx: fixDtx ? 'fill' : 'keep' };
}
