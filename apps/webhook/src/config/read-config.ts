import { readFile } from 'node:fs/promises';
import { printable } from '@rawreel/text';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as v from 'valibot';
import { APP_VARIABLES, type Config, NOTIFY_VARIABLES, SETTINGS, VARIABLES } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { type Env, readSecretFiles } from './secret-files.ts';

type Path = readonly (string | number)[];

/**
 * The configuration, of a JSON file (comments are allowed) and of variables, which go before it. A variable that is empty is none.
 *
 * @throws {ConfigError}
 */
export async function readConfig(variables: Env, path: string | undefined): Promise<Config> {
  const { env, problems: unread } = await readSecretFiles(variables);
  const file = path === undefined ? undefined : await ConfigFile.read(path);
  const fileValue = file?.value ?? {};
  const fromEnv = new Map<string, { readonly variable: string; readonly value: unknown }>();
  for (const [setting, { name, read }] of Object.entries(VARIABLES)) {
    const value = env[name];
    if (value) fromEnv.set(setting, { variable: name, value: read(value) });
  }
  const items = [readApp(env), readEndpoint(env)];
  const added = items.map((item) => withItem(item, fileValue[item.setting]));
  const merged = {
    ...fileValue,
    ...Object.fromEntries([...fromEnv].map(([setting, { value }]) => [setting, value])),
    ...Object.fromEntries(added.flatMap(({ setting, list }) => (list ? [[setting, list]] : []))),
  };
  const whereIs = (at: Path): string => {
    const [setting, index, field] = at;
    const variable = fromEnv.get(String(setting))?.variable;
    if (variable !== undefined) return variable;
    const ofEnv = added.find((item) => item.setting === setting && item.list && item.index === index);
    if (ofEnv) return ofEnv.variableOf(String(field));
    return file?.whereIs(at) ?? String(setting);
  };
  const result = v.safeParse(SETTINGS, merged);
  const problems = [
    ...unread,
    ...items.flatMap((item) => item.problems),
    ...(result.issues ?? []).map((issue) => problemOf(issue, whereIs)),
  ];
  if (result.success)
    for (const problemsOf of [sameKeys, endpointProblems, unknownKeys])
      problems.push(...problemsOf(result.output, whereIs));
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.output;
}

/** One item of a list that variables say, beside those of the file. */
interface ItemOfEnv {
  readonly setting: 'apps' | 'notify';
  readonly item?: unknown;
  readonly problems: readonly ConfigProblem[];
  /** @param field of the item; `undefined` for all of it */
  variableOf(field: string): string;
}

/** The last of its list, so that an item of the file has the place that it has there. */
function withItem(item: ItemOfEnv, fileList: unknown) {
  const isAdding = item.item !== undefined && (fileList === undefined || Array.isArray(fileList));
  const before = Array.isArray(fileList) ? fileList : [];
  return { ...item, index: before.length, list: isAdding ? [...before, item.item] : undefined };
}

function readEndpoint(env: Env): ItemOfEnv {
  const { url, secrets } = NOTIFY_VARIABLES;
  const given = [url, secrets].filter((name) => env[name]);
  const missing = [url, secrets].filter((name) => !env[name]);
  const about = {
    setting: 'notify',
    variableOf: (field: string) => (field === 'secrets' ? secrets : url),
  } as const;
  if (given.length === 0) return { ...about, problems: [] };
  if (missing.length > 0)
    return {
      ...about,
      problems: missing.map((where) => ({ where, what: `is missing, and ${given[0]} is set` })),
    };
  const item = { url: env[url], secrets: env[secrets]?.split(',').map((one) => one.trim()) };
  return { ...about, item, problems: [] };
}

function readApp(env: Env): ItemOfEnv {
  const { apiKey, secret, oldSecret, baseUrl } = APP_VARIABLES;
  const problems: ConfigProblem[] = [];
  const about = {
    setting: 'apps',
    variableOf: (field: string) => (field === 'baseUrl' ? baseUrl : apiKey),
    problems,
  } as const;
  const given = [apiKey, secret, oldSecret].filter((name) => env[name]);
  if (given.length === 0) return about;
  for (const name of [apiKey, secret])
    if (!env[name]) problems.push({ where: name, what: `is missing, and ${given.join(' and ')} is set` });
  if (problems.length > 0) return about;
  const secrets = [env[secret], env[oldSecret]].filter(Boolean);
  return { ...about, item: { apiKey: env[apiKey], secrets, baseUrl: env[baseUrl] || undefined } };
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

function endpointProblems({ apps, notify }: Config, whereIs: (at: Path) => string): ConfigProblem[] {
  const urls = notify.map(({ url }) => url);
  const keys = apps.map(({ apiKey }) => apiKey);
  const problems: ConfigProblem[] = [];
  for (const [index, { url, apiKeys = [] }] of notify.entries()) {
    if (urls.indexOf(url) < index)
      problems.push({
        where: whereIs(['notify', index, 'url']),
        what: 'is the address of an endpoint before, too',
      });
    // Who only works may have no apps.
    for (const [at, key] of apiKeys.entries())
      if (keys.length > 0 && !keys.includes(key))
        problems.push({ where: whereIs(['notify', index, 'apiKeys', at]), what: 'is the key of no app' });
  }
  return problems;
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
