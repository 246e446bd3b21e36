import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';

import { CliError } from '../failure/errors.ts';
import { readStored } from './stored-credentials.ts';

/** What one place may say; on the command line, the options of that name. */
export interface GivenCredentials {
  readonly apiKey?: string | undefined;
  readonly apiSecret?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** In the order in which they are asked. */
export type Origin = 'command line' | 'environment' | '.env' | 'auth login';

export interface Found {
  readonly value: string;
  readonly from: Origin;
}

/** What one place has. An empty variable is one that is not set. */
interface Place extends GivenCredentials {
  readonly from: Origin;
}

export interface FoundCredentials {
  readonly apiKey: Found | undefined;
  readonly secret: Found | undefined;
  /** Undefined: Stream's own. */
  readonly baseUrl: Found | undefined;
  /** Base URLs that do not count. */
  readonly ignored: readonly Found[];
}

export const WHY_IGNORED =
  'a base URL is used only from the place that both key and secret come from, because its server receives a token for the app';

/**
 * Key and secret each from the first place that has it. The stored secret is taken only with the stored key, because it fits no
 * other. A base URL counts only from the place of both: else a line in the `.env` of any folder would have a token of the app, which the
 * environment or the login makes, sent to whomever it names.
 */
export async function findCredentials(
  given: GivenCredentials,
  context: Pick<Context, 'env' | 'machine'>,
): Promise<FoundCredentials> {
  const { env, machine } = context;
  const places: Place[] = [
    { from: 'command line', apiKey: given.apiKey, apiSecret: given.apiSecret, baseUrl: given.baseUrl },
    { from: 'environment', ...variablesOf(env) },
    { from: '.env', ...variablesOf(await dotEnv(machine.workingFolder)) },
  ];
  if (!places.some(({ apiKey }) => apiKey) || !places.some(({ apiSecret }) => apiSecret)) {
    const stored = await readStored(machine);
    if (stored) {
      const { secret, ...rest } = stored;
      const apiKey = places.find((place) => place.apiKey)?.apiKey ?? stored.apiKey;
      if (apiKey === stored.apiKey) places.push({ from: 'auth login', ...rest, apiSecret: secret });
    }
  }
  const first = (name: 'apiKey' | 'apiSecret'): Found | undefined => {
    const place = places.find((each) => each[name]);
    return place && { value: place[name] ?? '', from: place.from };
  };
  const [apiKey, secret] = [first('apiKey'), first('apiSecret')];
  const urls = places.flatMap((place) =>
    place.baseUrl ? [{ place, found: { value: place.baseUrl, from: place.from } }] : [],
  );
  const counts = ({ place }: { readonly place: Place }) =>
    place.from === secret?.from && place.apiKey === apiKey?.value;
  return {
    apiKey,
    secret,
    baseUrl: urls.find(counts)?.found,
    ignored: urls.filter((url) => !counts(url)).map(({ found }) => found),
  };
}

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  readonly baseUrl?: string | undefined;
}

/** @throws CliError ERR_NO_CREDENTIALS, which says which of the two is missing */
export async function credentialsFor(given: GivenCredentials, context: Context): Promise<Credentials> {
  const { apiKey, secret, baseUrl, ignored } = await findCredentials(given, context);
  if (apiKey === undefined) throw missing('no API key found', 'STREAM_API_KEY and STREAM_API_SECRET');
  if (secret === undefined)
    throw missing(`no secret found for the API key ${apiKey.value}`, 'STREAM_API_SECRET');
  for (const { from } of ignored) {
    context.stderr.write(`The base URL (${from}) is ignored: ${WHY_IGNORED}. See rawreel auth status\n`);
  }
  return { apiKey: apiKey.value, secret: secret.value, baseUrl: baseUrl?.value };
}

function missing(message: string, variables: string): CliError {
  return new CliError(printable(message), {
    code: 'ERR_NO_CREDENTIALS',
    hints: [
      `Set ${variables} in the environment or in .env, or store both: rawreel auth login`,
      "Find them in Stream's dashboard, under the app.",
    ],
  });
}

type Variables = Readonly<
  Partial<Record<'STREAM_API_KEY' | 'STREAM_API_SECRET' | 'STREAM_BASE_URL', string | undefined>>
>;

const variablesOf = (variables: Variables): GivenCredentials => ({
  apiKey: variables.STREAM_API_KEY,
  apiSecret: variables.STREAM_API_SECRET,
  baseUrl: variables.STREAM_BASE_URL,
});

/** Empty where there is no such file; a folder of that name is an environment of Python, and a pipe would be waited for. */
async function dotEnv(workingFolder: string): Promise<Variables> {
  const path = join(workingFolder, '.env');
  try {
    return (await stat(path)).isFile() ? parseEnv(await readFile(path, 'utf8')) : {};
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
