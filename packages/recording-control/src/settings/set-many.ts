import { printable } from '@rawreel/text';
import type { Signal } from '../calls.ts';
import { RecordingControlError } from '../errors.ts';
import { CONCURRENCY, inParallel } from '../in-parallel.ts';
import { formatCallRef } from '../names.ts';
import type {
  ChangedSettings,
  SettingsChange,
  SettingsTarget,
  UnchangedSettings,
} from './settings-change.ts';

export interface SetManyOptions {
  /** Reads, and says what would change. */
  readonly dryRun?: boolean | undefined;
  /** How many targets at a time, within the rate limit whatever it is. Default: 4. */
  readonly concurrency?: number | undefined;
  readonly onProgress?: ((progress: SetManyProgress) => void) | undefined;
  readonly signal?: Signal;
}

export interface SetManyProgress {
  readonly done: number;
  readonly total: number;
  readonly latest: SettingsChange | FailedChange;
}

export interface FailedChange {
  readonly target: SettingsTarget;
  readonly state: 'failed';
  readonly error: RecordingControlError;
}

/** Each target once, in the order given. */
export interface SettingsReport {
  readonly isDryRun: boolean;
  /** In a dry run, what would have been. */
  readonly changed: readonly ChangedSettings[];
  readonly unchanged: readonly UnchangedSettings[];
  readonly failed: readonly FailedChange[];
}

/** Sets each target, so many at a time; one that fails keeps none of the others back. */
export async function setMany(
  targets: readonly SettingsTarget[],
  set: (target: SettingsTarget) => Promise<SettingsChange>,
  { dryRun = false, concurrency = CONCURRENCY, onProgress }: SetManyOptions,
): Promise<SettingsReport> {
  const unique = [...new Map(targets.map((target) => [formatTarget(target), target])).values()];
  let done = 0;
  const results = await inParallel(unique, concurrency, async (target) => {
    const latest = await set(target).catch((error: unknown) => failed(target, error));
    done += 1;
    onProgress?.({ done, total: unique.length, latest });
    return latest;
  });
  return {
    isDryRun: dryRun,
    changed: results.filter((result) => result.state === 'changed'),
    unchanged: results.filter((result) => result.state === 'unchanged'),
    failed: results.filter((result) => result.state === 'failed'),
  };
}

function failed(target: SettingsTarget, error: unknown): FailedChange {
  if (error instanceof RecordingControlError) return { target, state: 'failed', error };
  throw error;
}

/** `call type default`, `call default:standup` */
export function formatTarget(target: SettingsTarget): string {
  return printable('call' in target ? `call ${formatCallRef(target.call)}` : `call type ${target.callType}`);
}

/** A change as a diff of lines, without a last line break. */
export function formatSettingsDiff({ target, before, after }: ChangedSettings): string {
  const lines = (['mode', 'audioOnly'] as const)
    .filter((name) => before[name] !== after[name])
    .flatMap((name) => [`-   ${NAMES[name]}: ${before[name]}`, `+   ${NAMES[name]}: ${after[name]}`]);
  return [`  ${formatTarget(target)}`, ...lines].join('\n');
}

/** As the API spells them. */
const NAMES = { mode: 'raw_recording.mode', audioOnly: 'raw_recording.audio_only' };
