import type {
  ChangedSettings,
  FailedChange,
  RawRecordingChange,
  SettingsReport,
  SettingsTarget,
} from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import type { Context, Interruption } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import type { OptionsOf } from '../../declare/option.ts';
import { EXIT } from '../../exit-codes.ts';
import { UsageError } from '../../failure/errors.ts';
import { asError, explain } from '../../failure/explain-error.ts';
import type { RecordingControlPackage } from '../../lazy-packages.ts';
import { type Target, targetOf } from '../../options/settings-target.ts';
import { type Connected, connect } from '../../stream/connect-to-stream.ts';
import { type Colours, coloursFor } from '../../terminal/colour.ts';
import { count } from '../../terminal/format-values.ts';
import { StatusLine } from '../../terminal/status-line.ts';
import type { settingsSet } from './set.ts';

export const run: Run<typeof settingsSet> = async (options, context) => {
  const target = targetOf(options);
  const change = changeOf(options);
  const connected = await connect(options, context);
  const { signal, stdout } = context;
  const targets = await targetsOf(target, connected, signal);
  const line = new StatusLine(context);
  const report = await connected.control.settings.setMany(targets, change, {
    dryRun: options.dryRun,
    signal,
    onProgress: ({ done, total }) => line.show(() => `${done} of ${total} settings`),
  });
  line.clear();
  if (options.json) stdout.write(jsonText(reportAsJson(report)));
  else print(report, connected.library, context);
  if (signal.aborted) return (signal.reason as Interruption).exitCode;
  return report.failed.length > 0 ? EXIT.failed : EXIT.whole;
};

function changeOf({ mode, audioOnly }: OptionsOf<typeof settingsSet.options>): RawRecordingChange {
  if (mode !== undefined) return { mode, audioOnly };
  if (audioOnly !== undefined) return { audioOnly };
  throw new UsageError('nothing to set', ['Add --mode, --audio-only or --no-audio-only.']);
}

async function targetsOf(
  target: Target,
  { control, library }: Connected,
  signal: AbortSignal,
): Promise<readonly SettingsTarget[]> {
  if (target === 'all call types') {
    const all = await control.settings.listCallTypes({ signal });
    return all.map(({ name }) => ({ callType: name }));
  }
  return 'call' in target ? [{ call: library.parseCallRef(target.call) }] : [target];
}

function reportAsJson({ failed, ...report }: SettingsReport) {
  return {
    ...report,
    failed: failed.map(({ error, ...rest }) => ({ ...rest, error: asError(explain(error)) })),
  };
}

function print(
  report: SettingsReport,
  library: RecordingControlPackage,
  { stdout, stderr, env }: Context,
): void {
  const colours = coloursFor(stdout, env);
  const lines = [
    colours.bold(headline(report)),
    ...report.changed.flatMap((change) => diffLines(change, library, colours)),
    ...report.unchanged.map(({ target }) => `  ${printable(library.formatTarget(target))}: unchanged`),
  ];
  stdout.write(`${lines.join('\n')}\n`);
  const { red } = coloursFor(stderr, env);
  for (const failure of report.failed) stderr.write(`${red('rawreel:')} ${failureText(failure)}\n`);
}

function headline({ isDryRun, changed, unchanged, failed }: SettingsReport): string {
  const facts = [
    `${isDryRun ? 'Would change' : 'Changed'} ${count(changed.length, 'setting')}`,
    ...(unchanged.length > 0 ? [`${unchanged.length} unchanged`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ];
  return facts.join(', ');
}

function diffLines(change: ChangedSettings, library: RecordingControlPackage, colours: Colours): string[] {
  const lines = library.formatSettingsDiff(change).split('\n').map(printable);
  return lines.map((line) => (line.startsWith(' ') ? line : colours.dim(line)));
}

function failureText({ error }: FailedChange): string {
  return [error.message, error.hint].filter(Boolean).map(printable).join('\n  ');
}
