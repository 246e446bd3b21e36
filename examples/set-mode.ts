// Sets raw recording of call types: its mode, and whether it leaves pictures out.
import { parseArgs } from 'node:util';
import {
  createRecordingControl,
  formatSettingsDiff,
  formatTarget,
  RECORDING_MODES,
} from '@rawreel/recording-control';

const HELP = `Sets raw recording of call types.

  node examples/set-mode.ts --audio-only audio_room             voices only, the mode stays as it is
  node examples/set-mode.ts --mode auto-on default livestream   recorded from the call's start, backstage included
  node examples/set-mode.ts --mode disabled --all --dry-run     shows what would change

  --mode MODE                      disabled: cannot be started; available: off until started; auto-on
  --audio-only, --no-audio-only    what is not given stays as it is
  --all                            every call type of the app
  --dry-run                        changes nothing

Reads STREAM_API_KEY, STREAM_API_SECRET and, where it is set, STREAM_BASE_URL.
Exit status: 0 as wished; 1 something failed; 2 usage.`;

process.exitCode = await main().catch(explain);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      mode: { type: 'string' },
      'audio-only': { type: 'boolean' },
      all: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return show(HELP);
  const change = changeOf(values.mode, values['audio-only']);
  if (change === undefined) return refuse(`Give --mode (${RECORDING_MODES.join(', ')}), or --audio-only.`);
  if (values.all === positionals.length > 0) return refuse('Give call types, or --all.');
  const { STREAM_API_KEY: apiKey, STREAM_API_SECRET: secret, STREAM_BASE_URL: baseUrl } = process.env;
  if (!apiKey || !secret) return refuse('Set STREAM_API_KEY and STREAM_API_SECRET.');

  const { settings } = createRecordingControl({ apiKey, secret, baseUrl: baseUrl || undefined });
  const names = values.all ? (await settings.listCallTypes()).map(({ name }) => name) : positionals;
  const report = await settings.setMany(
    names.map((callType) => ({ callType })),
    change,
    { dryRun: values['dry-run'] },
  );

  for (const changed of report.changed) console.log(formatSettingsDiff(changed));
  for (const { target, error } of report.failed)
    console.error(`${formatTarget(target)} failed: ${error.message}\n  ${error.hint}`);
  console.log(
    `${report.changed.length} ${report.isDryRun ? 'would change' : 'changed'}, ` +
      `${report.unchanged.length} as wished already, ${report.failed.length} failed`,
  );
  return report.failed.length > 0 ? 1 : 0;
}

function changeOf(given: string | undefined, audioOnly: boolean | undefined) {
  const mode = RECORDING_MODES.find((known) => known === given);
  if (given !== undefined) return mode && { mode, audioOnly };
  return audioOnly === undefined ? undefined : { audioOnly };
}

function show(text: string): 0 {
  console.log(text);
  return 0;
}

function refuse(problem: string): 2 {
  console.error(`${problem}\n\n${HELP}`);
  return 2;
}

/** What is known says what to do in a line; what is not is a mistake in this script, and shows where. */
function explain(error: Error & { code?: string; hint?: string }): number {
  if (error.code === undefined) throw error;
  console.error([error.message, ...(error.hint ? [error.hint] : [])].join('\n  '));
  return error.code.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}
