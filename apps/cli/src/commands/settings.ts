import type {
  ChangedSettings,
  FailedChange,
  SettingsReport,
  SettingsTarget,
} from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import { type Connected, connect } from '../control/connect.ts';
import type { GetSettings, SetSettings, Target } from '../declare/control-settings.ts';
import type { ControlDoor } from '../doors.ts';
import { EXIT } from '../exit-codes.ts';
import { asError, explain } from '../failure/explain.ts';
import type { Interruption, Surroundings } from '../surroundings.ts';
import { type Colours, coloursFor } from '../terminal/colour.ts';
import { Line } from '../terminal/line.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { count } from '../terminal/units.ts';

interface Shown {
  readonly what: string;
  readonly settings: { readonly mode: string; readonly audioOnly: boolean };
}

const COLUMNS: readonly Column<Shown>[] = [
  { title: 'OF', cell: ({ what }) => printable(what) },
  { title: 'MODE', cell: ({ settings }) => settings.mode },
  { title: 'AUDIO ONLY', cell: ({ settings }) => (settings.audioOnly ? 'yes' : 'no') },
];

export async function getSettings(settings: GetSettings, around: Surroundings): Promise<number> {
  const connected = await connect(settings, around);
  const { stdout, env, signal } = around;
  const { target } = settings;
  if (target === 'all call types') {
    const all = await connected.control.settings.listCallTypes({ signal });
    if (settings.json) stdout.write(jsonText(all));
    else printShown(all.map((each) => ({ what: each.name, settings: each.settings })));
    return EXIT.whole;
  }
  const found =
    'call' in target
      ? await connected.control.settings.getForCall(connected.door.parseCallRef(target.call), { signal })
      : await connected.control.settings.getForCallType(target.callType, { signal });
  if (settings.json) stdout.write(jsonText(found));
  else printShown([{ what: 'call' in target ? target.call : target.callType, settings: found }]);
  return EXIT.whole;

  function printShown(shown: readonly Shown[]): void {
    const [heading = '', ...rows] = renderTable(COLUMNS, shown, undefined).lines;
    stdout.write(`${[coloursFor(stdout, env).bold(heading), ...rows].join('\n')}\n`);
  }
}

export async function setSettings(settings: SetSettings, around: Surroundings): Promise<number> {
  const connected = await connect(settings, around);
  const targets = await targetsOf(settings.target, connected, around.signal);
  const line = new Line(around);
  const report = await connected.control.settings.setMany(targets, settings.change, {
    dryRun: settings.dryRun,
    signal: around.signal,
    onProgress: ({ done, total }) => line.show(() => `${done} of ${total} settings`),
  });
  line.clear();
  if (settings.json) around.stdout.write(jsonText(reportAsJson(report)));
  else print(report, connected.door, around);
  if (around.signal.aborted) return (around.signal.reason as Interruption).exitCode;
  return report.failed.length > 0 ? EXIT.failed : EXIT.whole;
}

async function targetsOf(
  target: Target,
  { control, door }: Connected,
  signal: AbortSignal,
): Promise<readonly SettingsTarget[]> {
  if (target === 'all call types') {
    const all = await control.settings.listCallTypes({ signal });
    return all.map(({ name }) => ({ callType: name }));
  }
  return 'call' in target ? [{ call: door.parseCallRef(target.call) }] : [target];
}

function reportAsJson({ failed, ...report }: SettingsReport) {
  return {
    ...report,
    failed: failed.map(({ error, ...rest }) => ({ ...rest, error: asError(explain(error)) })),
  };
}

function print(report: SettingsReport, door: ControlDoor, { stdout, stderr, env }: Surroundings): void {
  const colours = coloursFor(stdout, env);
  const lines = [
    colours.bold(headline(report)),
    ...report.changed.flatMap((change) => diffLines(change, door, colours)),
    ...report.unchanged.map(({ target }) => `  ${printable(door.formatTarget(target))}: as it was`),
  ];
  stdout.write(`${lines.join('\n')}\n`);
  const { red } = coloursFor(stderr, env);
  for (const failure of report.failed) stderr.write(`${red('rawreel:')} ${failureText(failure)}\n`);
}

function headline({ isDryRun, changed, unchanged, failed }: SettingsReport): string {
  const facts = [
    `${isDryRun ? 'Would change' : 'Changed'} ${count(changed.length, 'setting')}`,
    ...(unchanged.length > 0 ? [`${unchanged.length} as ${isDryRun ? 'they are' : 'they were'}`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ];
  return facts.join(', ');
}

function diffLines(change: ChangedSettings, door: ControlDoor, colours: Colours): string[] {
  const lines = door.formatSettingsDiff(change).split('\n').map(printable);
  return lines.map((line) => (line.startsWith(' ') ? line : colours.dim(line)));
}

function failureText({ error }: FailedChange): string {
  return [error.message, error.hint].filter(Boolean).map(printable).join('\n  ');
}
