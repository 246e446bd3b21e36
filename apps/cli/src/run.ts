import { type Parsed, type ParsedOptions, parse } from './declare/parse.ts';
import {
  allOutputs,
  cacheSettings,
  doctorSettings,
  listTracksSettings,
  type MakeSettings,
  makeSettings,
} from './declare/settings.ts';
import { CliError } from './failure/errors.ts';
import {
  type Explained,
  errorAsJson,
  explain,
  explainInterruption,
  writeError,
  writeStack,
} from './failure/explain.ts';
import type { Surroundings } from './surroundings.ts';
import { coloursFor } from './terminal/colour.ts';
import { widthOf } from './terminal/width.ts';
import { isAtLeast, packageFacts } from './version.ts';

type ParsedCommand = Extract<Parsed, { kind: 'command' }>;

/**
 * The whole program as a function: what it prints goes to the given streams, what it returns is the exit code. Never
 * rejects.
 *
 * @param args without the runtime and the script
 */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    const { version, minimumNode } = packageFacts();
    const parsed = parse(args, version, {
      width: widthOf(around.stdout) ?? 80,
      colours: coloursFor(around.stdout, around.env),
    });
    if (parsed.kind === 'text') {
      around.stdout.write(parsed.text);
      return 0;
    }
    if (parsed.name !== 'doctor') needNode(minimumNode, around.machine.nodeVersion);
    try {
      return await runCommand(parsed, around, version);
    } catch (error) {
      const { folderOfArchives } = await import('./failure/folder-of-archives.ts');
      throw (await folderOfArchives(error, parsed.options, args)) ?? error;
    }
  } catch (error) {
    // Words for a person are chosen by who knows what an interruption has ended, and what it has not.
    const isInterrupted = around.signal.aborted && !(error instanceof CliError);
    const explained = isInterrupted ? explainInterruption(around.signal, error) : explain(error);
    tell(explained, error, args, around);
    return explained.exitCode;
  }
}

/** An older one would fail somewhere inside, in words of its own; the doctor says what is wrong on any. */
function needNode(minimum: string, version: string): void {
  if (isAtLeast(version, minimum)) return;
  throw new CliError(`Node ${minimum} or later is needed, and this is ${version}`, {
    code: 'ERR_NODE_TOO_OLD',
    hints: ['Get a newer one from https://nodejs.org, or see what else is missing: rawreel doctor'],
  });
}

type MakingCommand =
  | 'extract-audio'
  | 'extract-video'
  | 'mux-av'
  | 'mix-audio'
  | 'process-all'
  | 'transcription-kit';

function outputsOf(name: MakingCommand, { mix }: ParsedOptions): MakeSettings['request']['outputs'] {
  switch (name) {
    case 'extract-audio':
      return ['audio'];
    case 'extract-video':
      return ['video'];
    case 'mux-av':
      return ['muxed'];
    case 'mix-audio':
      return ['mix'];
    case 'process-all':
      return allOutputs(mix);
    case 'transcription-kit':
      return ['transcription'];
    default:
      return name satisfies never;
  }
}

/** Each command's code is loaded only when it is the one to run: listing ids is done at every press of Tab. */
async function runCommand(parsed: ParsedCommand, around: Surroundings, version: string): Promise<number> {
  switch (parsed.name) {
    case 'list-tracks': {
      const settings = listTracksSettings(parsed.options);
      const { listTracks } = await import('./commands/list-tracks.ts');
      return await listTracks(settings, around);
    }
    case 'extract-audio':
    case 'extract-video':
    case 'mux-av':
    case 'mix-audio':
    case 'process-all':
    case 'transcription-kit': {
      const settings = makeSettings(outputsOf(parsed.name, parsed.options), parsed.options);
      const { make } = await import('./commands/make.ts');
      return await make(settings, around, `rawreel ${version}`);
    }
    case 'recording start':
    case 'recording stop':
    case 'recording status':
    case 'recording list':
    case 'recording wait':
    case 'recording download':
    case 'recording delete':
    case 'recording watch':
    case 'recording sweep':
    case 'recording go-live':
    case 'recording stop-live':
    case 'settings get':
    case 'settings set':
    case 'storage list':
    case 'storage create':
    case 'storage check':
    case 'storage update':
    case 'storage delete':
    case 'storage assign':
    case 'storage unassign':
    case 'grants get':
    case 'grants set':
    case 'webhook register':
    case 'webhook show':
    case 'webhook unregister':
    case 'webhook test':
    case 'auth login':
    case 'auth status':
    case 'auth logout': {
      const { runControl } = await import('./run-control.ts');
      return await runControl(parsed.name, parsed, around, `rawreel ${version}`);
    }
    case 'jobs list':
    case 'jobs show':
    case 'jobs retry':
    case 'jobs cancel':
    case 'jobs watch': {
      const { runJobs } = await import('./run-jobs.ts');
      return await runJobs(parsed.name, parsed, around);
    }
    case 'cache list': {
      const { listCached } = await import('./commands/cache.ts');
      return await listCached(cacheSettings(parsed.options), around);
    }
    case 'cache clear': {
      const { clearCached } = await import('./commands/cache.ts');
      return await clearCached(cacheSettings(parsed.options), around);
    }
    case 'completion': {
      const { completion } = await import('./commands/completion.ts');
      return completion(parsed.argument as 'bash' | 'zsh' | 'fish', around);
    }
    case 'doctor': {
      const { doctor } = await import('./commands/doctor.ts');
      return await doctor(doctorSettings(parsed.options), around);
    }
    default:
      return parsed.name satisfies never;
  }
}

/** Read from the words themselves, as an error may come before they could be parsed. */
function isOn(flag: string, args: readonly string[]): boolean {
  return args.includes(`--${flag}`) || args.includes(`--${flag}=true`);
}

function tell(explained: Explained, error: unknown, args: readonly string[], around: Surroundings): void {
  const colours = coloursFor(around.stderr, around.env);
  if (isOn('json', args)) around.stdout.write(errorAsJson(explained));
  else writeError(explained, around.stderr, colours);
  if (isOn('verbose', args)) writeStack(error, around.stderr, colours);
}
