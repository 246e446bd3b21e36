import { jsonText } from '@rawreel/text';
import type { Check } from '../check/check.ts';
import { runChecks } from '../check/run-checks.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { loggable } from '../service/loggable.ts';
import type { Role } from '../service/service.ts';
import { EXIT } from './exit-codes.ts';
import type { ProgramContext } from './program-context.ts';

interface CheckCommand {
  /** `serve`, `receive` or `work`. */
  readonly command: string;
  readonly roles: readonly Role[];
  readonly json: boolean;
  readonly version: string;
  /** @throws {ConfigError} */
  readonly read: () => Promise<Config>;
}

/** @returns 0 where nothing fails, else 1 */
export async function check(
  { command, roles, json, version, read }: CheckCommand,
  { env, stdout, signal }: ProgramContext,
): Promise<number> {
  const { checks, secrets } = await read().then(
    async (config) => ({
      checks: [OF_CONFIG, ...(await runChecks({ config, env, signal }, roles))],
      secrets: config.apps.flatMap((app) => app.secrets),
    }),
    (error) => {
      if (!(error instanceof ConfigError)) throw error;
      return { checks: error.problems.map(({ where, what }) => ofProblem(where, what)), secrets: [] };
    },
  );
  const shownChecks = checks.map(({ name, state, found, advice }) => ({
    name: loggable(name, secrets),
    state,
    found: loggable(found, secrets),
    advice: advice && loggable(advice, secrets),
  }));
  const isReady = shownChecks.every(({ state }) => state !== 'fail');
  stdout.write(
    json ? jsonText({ version, command, ready: isReady, checks: shownChecks }) : shown(shownChecks, command),
  );
  return isReady ? EXIT.stopped : EXIT.failed;
}

const OF_CONFIG: Check = { name: 'configuration', state: 'ok', found: 'all settings are valid' };

/** Nothing else can be looked at before it is right. */
const ofProblem = (where: string, what: string): Check => ({
  name: 'configuration',
  state: 'fail',
  found: `${where}: ${what}`,
});

function shown(checks: readonly Check[], command: string): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, found, advice }) => [
    `  ${state.padEnd(4)}  ${name.padEnd(width)}  ${found}`,
    ...(advice ? [`  ${' '.repeat(width + 6)}  ${advice}`] : []),
  ]);
  const count = (state: Check['state']) => checks.filter((check) => check.state === state).length;
  const [failing, warning] = [count('fail'), count('warn')];
  const verdict =
    failing > 0
      ? `rawreel-webhook ${command} cannot run with this configuration: ${failing} of ${checks.length} checks failed`
      : `rawreel-webhook ${command} can run${warning > 0 ? `, with ${warning} ${warning === 1 ? 'warning' : 'warnings'}` : ''}`;
  return `${verdict}\n${lines.join('\n')}\n`;
}
