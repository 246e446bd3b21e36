import { proxyHint } from '@rawreel/storage/proxies';
import { TOPICS } from './commands/topics.ts';
import { COMMANDS } from './commands.ts';
import type { Context } from './context.ts';
import { parse } from './declare/parse.ts';
import { CliError } from './failure/errors.ts';
import {
  type Explained,
  errorAsJson,
  explain,
  explainInterruption,
  writeError,
  writeStack,
} from './failure/explain-error.ts';
import { coloursFor } from './terminal/colour.ts';
import { widthOf } from './terminal/width.ts';
import { isAtLeast, packageFacts } from './version.ts';

/**
 * The whole program as a function: what it prints goes to the given streams, what it returns is the exit code. Never
 * rejects.
 *
 * @param args without the runtime and the script
 */
export async function run(args: readonly string[], context: Context): Promise<number> {
  try {
    const { version, minimumNode } = packageFacts();
    const program = { version, commands: COMMANDS, topics: TOPICS };
    const parsed = parse(args, program, {
      width: widthOf(context.stdout) ?? 80,
      colours: coloursFor(context.stdout, context.env),
    });
    if (parsed.kind === 'text') {
      context.stdout.write(parsed.text);
      return 0;
    }
    const { command, words } = parsed;
    if (command.name !== 'doctor') needNode(minimumNode, context.machine.nodeVersion);
    try {
      return await command.run(words, context, program);
    } catch (error) {
      const { folderOfArchives } = await import('./failure/folder-of-archives.ts');
      throw (await folderOfArchives(error, words, args)) ?? error;
    }
  } catch (error) {
    // A CliError already says what the interruption ended, and what it did not.
    const isInterrupted = context.signal.aborted && !(error instanceof CliError);
    const explained = isInterrupted ? explainInterruption(context.signal, error) : explain(error);
    tell(withProxy(explained), error, args, context);
    return explained.exitCode;
  }
}

/** An older one would fail somewhere inside, in words of its own; the doctor says what is wrong on any. */
function needNode(minimum: string, version: string): void {
  if (isAtLeast(version, minimum)) return;
  throw new CliError(`Node ${minimum} or later is required; this is ${version}`, {
    code: 'ERR_NODE_TOO_OLD',
    hints: ['Install it from https://nodejs.org, or check what else is missing: rawreel doctor'],
  });
}

/** Read from the words themselves, as an error may come before they could be parsed. */
function isOn(flag: 'json' | 'verbose', args: readonly string[]): boolean {
  const isShort = flag === 'verbose' && args.some((word) => /^-[qv]*v[qv]*$/.test(word));
  return isShort || args.includes(`--${flag}`) || args.includes(`--${flag}=true`);
}

/** Where nothing was reached it may have been the proxy that was not. */
function withProxy(explained: Explained): Explained {
  const hint = explained.code.endsWith('_UNREACHABLE') ? proxyHint() : '';
  if (hint === '' || explained.hints.includes(hint)) return explained;
  return { ...explained, hints: [...explained.hints, hint] };
}

function tell(explained: Explained, error: unknown, args: readonly string[], context: Context): void {
  const colours = coloursFor(context.stderr, context.env);
  if (isOn('json', args)) context.stdout.write(errorAsJson(explained));
  else writeError(explained, context.stderr, colours);
  if (isOn('verbose', args)) writeStack(error, context.stderr, colours);
}
