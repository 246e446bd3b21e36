import { readFile } from 'node:fs/promises';
import { printable } from '@rawreel/text';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as v from 'valibot';
import { APP_VARIABLES, type Config, SETTINGS, VARIABLES } from './config.ts';

/** What is wrong with a setting: where it stands (a variable, or a line of the file), and what would be right. */
export interface ConfigProblem {
  readonly where: string;
  readonly what: string;
}

/** Everything that is wrong at once; no value is told, since it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ where, what }) => `${where}: ${what}`).join('\n'));
    this.problems = problems;
  }
}

type Env = Readonly<Record<string, string | undefined>>;
type Path = readonly (string | number)[];

/**
 * The configuration, of a JSON file (comments are allowed) and of variables, which go before it. A variable that is empty is none.
 *
 * @throws {ConfigError}
 */
export async function readConfig(env: Env, path: string | undefined): Promise<Config> {
  const file = path === undefined ? undefined : await ConfigFile.read(path);
  const fileValue = file?.value ?? {};
  const appOfEnv = readApp(env);
  const fromEnv = new Map<string, { readonly variable: string; readonly value: unknown }>();
  for (const [setting, { name, read }] of Object.entries(VARIABLES)) {
    const value = env[name];
    if (value) fromEnv.set(setting, { variable: name, value: read(value) });
  }
  const { apps: fileApps } = fileValue;
  const isAdding = appOfEnv.app !== undefined && (fileApps === undefined || Array.isArray(fileApps));
  const merged = {
    ...fileValue,
    ...Object.fromEntries([...fromEnv].map(([setting, { value }]) => [setting, value])),
    // The last, so that an app of the file has the place that it has there.
    ...(isAdding ? { apps: [...(Array.isArray(fileApps) ? fileApps : []), appOfEnv.app] } : {}),
  };
  const whereIs = (at: Path): string => {
    const [setting, index, field] = at;
    const variable = fromEnv.get(String(setting))?.variable;
    if (variable !== undefined) return variable;
    const isOfEnv =
      setting === 'apps' && isAdding && index === (Array.isArray(fileApps) ? fileApps.length : 0);
    if (isOfEnv) return field === 'baseUrl' ? APP_VARIABLES.baseUrl : APP_VARIABLES.apiKey;
    return file?.whereIs(at) ?? String(setting);
  };
  const result = v.safeParse(SETTINGS, merged);
  const problems = [...appOfEnv.problems, ...(result.issues ?? []).map((issue) => problemOf(issue, whereIs))];
  if (result.success)
    problems.push(...sameKeys(result.output, whereIs), ...unknownKeys(result.output, whereIs));
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.output;
}

function readApp(env: Env): { readonly app?: unknown; readonly problems: readonly ConfigProblem[] } {
  const { apiKey, secret, oldSecret, baseUrl } = APP_VARIABLES;
  const problems: ConfigProblem[] = [];
  const given = [apiKey, secret, oldSecret].filter((name) => env[name]);
  if (given.length === 0) return { problems };
  for (const name of [apiKey, secret])
    if (!env[name]) problems.push({ where: name, what: `is missing, and ${given.join(' and ')} is set` });
  if (problems.length > 0) return { problems };
  const secrets = [env[secret], env[oldSecret]].filter(Boolean);
  return { app: { apiKey: env[apiKey], secrets, baseUrl: env[baseUrl] || undefined }, problems };
}

type Issue = v.InferIssue<typeof SETTINGS>;

function problemOf(issue: Issue, whereIs: (at: Path) => string): ConfigProblem {
  const where = whereIs((issue.path ?? []).map(({ key }) => key as string | number));
  const isMissing = issue.type === 'object_with_rest' && issue.expected !== 'Object';
  return { where, what: isMissing ? 'is missing' : issue.message };
}

function sameKeys({ apps }: Config, whereIs: (at: Path) => string): ConfigProblem[] {
  const keys = apps.map(({ apiKey }) => apiKey);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) < index
      ? [{ where: whereIs(['apps', index, 'apiKey']), what: 'is the key of an app before, too' }]
      : [],
  );
}

/** Ways in that say whose events come by them: of an app that is not there nothing could be fetched. */
function unknownKeys({ apps, queues, topics }: Config, whereIs: (at: Path) => string): ConfigProblem[] {
  const keys = new Set(apps.map(({ apiKey }) => apiKey));
  const given: readonly { readonly apiKey: string; readonly at: Path }[] = [
    ...queues.map(({ apiKey }, index) => ({ apiKey, at: ['queues', index, 'apiKey'] })),
    ...Object.entries(topics).map(([arn, apiKey]) => ({ apiKey, at: ['topics', arn] })),
  ];
  return given
    .filter(({ apiKey }) => !keys.has(apiKey))
    .map(({ at }) => ({ where: whereIs(at), what: 'is the key of none of the apps' }));
}

class ConfigFile {
  readonly value: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #text: string;
  readonly #tree: Node;

  private constructor(path: string, text: string, tree: Node, value: Readonly<Record<string, unknown>>) {
    this.#path = path;
    this.#text = text;
    this.#tree = tree;
    this.value = value;
  }

  static async read(path: string): Promise<ConfigFile> {
    const shown = printable(path);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new ConfigError([{ where: shown, what: `cannot be read (${error.code})` }]);
    });
    const errors: ParseError[] = [];
    const tree = parseTree(text, errors, { allowTrailingComma: true });
    if (errors.length > 0 || tree === undefined)
      throw new ConfigError(
        errors.map(({ error, offset }) => ({
          where: `${shown}:${lineAt(text, offset)}`,
          what: `is no JSON (${printParseErrorCode(error)})`,
        })),
      );
    if (tree.type !== 'object') throw new ConfigError([{ where: `${shown}:1`, what: 'expected an object' }]);
    return new ConfigFile(shown, text, tree, plainValue(tree) as Readonly<Record<string, unknown>>);
  }

  /** `file:line setting`; the line of what it is missing in, where it is not there. */
  whereIs(at: Path): string {
    for (let known = at.length; ; known -= 1) {
      const node = known === 0 ? this.#tree : findNodeAtLocation(this.#tree, at.slice(0, known));
      if (node) return `${this.#path}:${lineAt(this.#text, node.offset)} ${printable(at.join('.'))}`;
    }
  }
}

/** Not by assigning: `__proto__` is a name as any other. */
function plainValue(node: Node): unknown {
  const { type, children = [] } = node;
  if (type === 'array') return children.map(plainValue);
  if (type !== 'object') return node.value;
  return Object.fromEntries(
    children.map(({ children: [name, value] = [] }) => [name?.value, value && plainValue(value)]),
  );
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
