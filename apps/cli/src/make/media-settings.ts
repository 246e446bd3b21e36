import type { PlanRequest } from '@rawreel/processor';
import { withoutUndefined } from '@rawreel/text';
import type { OptionsOf } from '../declare/option.ts';
import { UsageError } from '../failure/errors.ts';
import type { CutMoments } from '../options/cut.ts';
import { type Input, type Limits, limitsOf } from '../options/input.ts';
import { type GivenInputs, givenInputs, type INPUTS } from '../options/inputs.ts';
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
  /** The part of the recording; of a composite, where that is all that is made. */
  readonly cut?: CutMoments | undefined;
  readonly workers?: number | undefined;
  /** Bytes that all files may come to by filling. */
  readonly maxOutput?: number | undefined;
  /** Whether what an earlier run has finished is kept; undefined where a command never does. */
  readonly resume?: 'keep' | 'anew' | undefined;
  /** Whether files that no run has made are replaced. Default: they are not touched. */
  readonly overwrite?: boolean | undefined;
  readonly verify?: boolean | undefined;
  /** Where a page goes on what happened in the call. */
  readonly inspectionPage?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether it is shown how far the work is. */
  readonly progress: boolean;
  /** Made beside others at the same time: whoever does that tells of them. */
  readonly isOneOfMany?: boolean | undefined;
  readonly verbose: boolean;
  readonly acceptDamage: boolean;
}

/** What every command that makes media of a named recording is given. */
export type MediaOptions = OptionsOf<typeof INPUTS & typeof FILTERS & typeof OUTPUT & typeof RUN_OPTIONS>;

/** The same for all recordings that were named. */
export interface SettingsOfAll extends Omit<MediaSettings, 'input'> {
  readonly inputs: GivenInputs;
  /** Recordings at the same time. */
  readonly jobs: number;
}

/** @throws UsageError unless a recording is named, and for more than one kind of filter */
export function mediaSettings(options: MediaOptions, request: MediaSettings['request']): SettingsOfAll {
  const {
    jobs,
    workers,
    maxOutput,
    skipExisting,
    overwrite,
    name,
    json,
    quiet,
    progress,
    verbose,
    acceptDamage,
  } = options;
  return {
    inputs: givenInputs(options),
    jobs,
    remote: remoteSettings(options),
    limits: limitsOf(options),
    request: { ...request, ...withoutUndefined({ name }) },
    filter: filterOf(options),
    resume: skipExisting ? 'keep' : undefined,
    overwrite,
    workers,
    maxOutput,
    json,
    quiet,
    progress,
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
