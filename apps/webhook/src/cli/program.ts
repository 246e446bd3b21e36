import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError } from 'commander';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import { createLog } from '../service/log.ts';
import { loggable } from '../service/loggable.ts';
import { messageOf } from '../service/message-of.ts';
import { type Role, runService } from '../service/service.ts';
import { check } from './check-command.ts';
import { EXIT } from './exit-codes.ts';
import type { ProgramContext } from './program-context.ts';

const COMMANDS: Readonly<Record<string, { readonly roles: readonly Role[]; readonly summary: string }>> = {
  serve: { roles: ['receive', 'work'], summary: 'receive events and make files, in one process' },
  receive: { roles: ['receive'], summary: 'receive events only' },
  work: { roles: ['work'], summary: 'make files only, on any number of machines' },
};

/** @returns the exit code */
export async function runProgram(args: readonly string[], context: ProgramContext): Promise<number> {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version, engines } = JSON.parse(text) as { version: string; engines: { node: string } };
  if (!isNodeAtLeast(engines.node, context.nodeVersion)) {
    const found = `this is ${context.nodeVersion}`;
    context.stderr.write(`rawreel-webhook: Node ${engines.node.slice(2)} or later is needed, and ${found}\n`);
    return EXIT.failed;
  }
  const { RAWREEL_CONFIG: configOfEnv } = context.env;
  let exitCode: number = EXIT.stopped;
  const program = new Command('rawreel-webhook')
    .description('Turns Stream’s events about raw recordings into media files.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .addHelpText(
      'after',
      '\nSettings come from the environment and from --config: see the README for all of them.\n' +
        'Exit codes: 0 stopped on request, 1 could not start or continue, 2 wrong command line or configuration.',
    );
  for (const [name, { roles, summary }] of Object.entries(COMMANDS)) {
    program
      .command(name)
      .description(summary)
      .option('--config <file>', 'JSON file of settings (default: RAWREEL_CONFIG)')
      .action(async ({ config: path }: { config?: string }) => {
        exitCode = await serve(roles, path ?? configOfEnv, `rawreel-webhook ${version}`, context);
      });
  }
  program
    .command('check')
    .description('check what a command needs and say what to do, without starting it')
    .addArgument(
      new Argument('[command]', 'the command to check').choices(Object.keys(COMMANDS)).default('serve'),
    )
    .option('--config <file>', 'JSON file of settings (default: RAWREEL_CONFIG)')
    .option('--json', 'print JSON', false)
    .action(async (command: string, { config: path, json }: { config?: string; json: boolean }) => {
      const { roles = [] } = COMMANDS[command] ?? {};
      const read = () => configFor(roles, path ?? configOfEnv, context);
      exitCode = await check({ command, roles, json, version, read }, context);
    });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.stopped : EXIT.usage;
  }
}

/** @throws {ConfigError} */
async function configFor(
  roles: readonly Role[],
  path: string | undefined,
  { env }: ProgramContext,
): Promise<Config> {
  const config = await readConfig(env, path || undefined);
  if (!roles.includes('receive') || config.apps.length > 0) return config;
  const where = 'STREAM_API_KEY, STREAM_API_SECRET';
  throw new ConfigError([{ where, what: 'are missing, and no app is in a configuration file' }]);
}

async function serve(
  roles: readonly Role[],
  path: string | undefined,
  madeBy: string,
  context: ProgramContext,
): Promise<number> {
  const { stdout, stderr, signal } = context;
  let config: Config;
  try {
    config = await configFor(roles, path, context);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { length } = error.problems;
    stderr.write(`rawreel-webhook: ${length} ${length === 1 ? 'setting is' : 'settings are'} wrong\n`);
    for (const { where, what } of error.problems) stderr.write(`  ${where}: ${what}\n`);
    return EXIT.usage;
  }
  const { apps, notify, apiTokens, logLevel: level } = config;
  const secrets = [...[...apps, ...notify].flatMap((each) => each.secrets), ...apiTokens];
  try {
    await runService({ roles, config, log: createLog(stdout, { secrets, level }), secrets, madeBy, signal });
    return EXIT.stopped;
  } catch (error) {
    stderr.write(`rawreel-webhook: ${loggable(messageOf(error), secrets)}\n`);
    return EXIT.failed;
  }
}

/** @param range `>=22.19` */
function isNodeAtLeast(range: string, version: string): boolean {
  const [major = 0, minor = 0] = range.slice(2).split('.').map(Number);
  const [ofMajor = 0, ofMinor = 0] = version.split('.').map(Number);
  return ofMajor > major || (ofMajor === major && ofMinor >= minor);
}
