import type { recordingSweep } from '../commands/recording/sweep.ts';
import type { OptionsOf } from '../declare/option.ts';
import { exclusive } from '../declare/value-errors.ts';
import { UsageError } from '../failure/errors.ts';
import { needFolder } from '../options/recordings.ts';

type Options = OptionsOf<typeof recordingSweep.options>;

export type SweepAction = 'list' | 'download' | 'process' | 'delete';

/** How files of recordings are written. */
export type SweptFiles = Options & { readonly output: string };

export interface SweepSettings {
  readonly action: SweepAction;
  readonly since: Date | undefined;
  readonly until: Date | undefined;
  readonly callType: string | undefined;
  readonly types: 'raw' | 'all';
  /** Of each call. */
  readonly isLatestOnly: boolean;
  readonly parallel: number;
  readonly isDryRun: boolean;
  readonly isQuiet: boolean;
  /** Whether it is shown how far the work is. */
  readonly hasProgress: boolean;
  /** Undefined where no file is written. */
  readonly files: SweptFiles | undefined;
}

/** @throws UsageError for options that do not go together */
export function sweepSettings(options: Options): SweepSettings {
  const { since, until, type: types, callType, parallel, dryRun, latest } = options;
  const action = actionOf(options);
  if (since !== undefined && until !== undefined && since >= until)
    throw new UsageError('--since is not before --until: no recording can begin between them');
  if (action === 'process' && types === 'all') throw new UsageError('--process is for raw recordings');
  const files = action === 'download' || action === 'process' ? filesOf(options) : undefined;
  if (action === 'download' && files !== undefined) needFolder(files.output);
  return {
    action,
    since,
    until,
    callType,
    types,
    isLatestOnly: latest,
    parallel,
    isDryRun: dryRun,
    isQuiet: files?.quiet ?? false,
    hasProgress: options.progress && !options.quiet,
    files,
  };
}

function actionOf(options: Options): SweepAction {
  const action = exclusive<SweepAction>({
    '--download': options.download ? 'download' : undefined,
    '--process': options.process ? 'process' : undefined,
    '--delete': options.delete ? 'delete' : undefined,
  });
  return action?.value ?? 'list';
}

function filesOf({ output, ...options }: Options): SweptFiles {
  if (output === undefined) throw new UsageError('--output is missing: the folder to write to');
  return { ...options, output };
}
