import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { GivenCredentials } from '../declare/control-settings.ts';
import { CliError } from '../failure/errors.ts';
import type { Surroundings } from '../surroundings.ts';
import { readStored } from './stored-credentials.ts';

export type Origin = 'command line' | 'environment' | '.env' | 'auth login';

interface Found {
  readonly value: string;
  readonly from: Origin;
}

export interface FoundCredentials {
  readonly apiKey: Found | undefined;
  readonly secret: Found | undefined;
  readonly baseUrl: Found | undefined;
}

/**
 * Each from the first place that has it: the command line, the environment, `.env` in the working folder, what `auth login` has
 * stored. The stored secret is taken only with the stored key, because it fits no other.
 */
export async function findCredentials(
  given: GivenCredentials,
  { env, machine }: Pick<Surroundings, 'env' | 'machine'>,
): Promise<FoundCredentials> {
  const file = await dotEnv(machine.workingFolder);
  const named = (name: 'STREAM_API_KEY' | 'STREAM_API_SECRET' | 'STREAM_BASE_URL') =>
    found(env[name], 'environment') ?? found(file[name], '.env');
  const apiKey = found(given.apiKey, 'command line') ?? named('STREAM_API_KEY');
  const secret = found(given.apiSecret, 'command line') ?? named('STREAM_API_SECRET');
  const baseUrl = named('STREAM_BASE_URL');
  if (apiKey && secret) return { apiKey, secret, baseUrl };
  const stored = await readStored(await machine.configFolder());
  const fits = stored !== undefined && (apiKey === undefined || apiKey.value === stored.apiKey);
  return {
    apiKey: apiKey ?? found(stored?.apiKey, 'auth login'),
    secret: secret ?? (fits ? found(stored.secret, 'auth login') : undefined),
    baseUrl,
  };
}

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  readonly baseUrl?: string;
}

/** @throws CliError ERR_NO_CREDENTIALS, which says which of the two is missing */
export async function credentialsFor(given: GivenCredentials, around: Surroundings): Promise<Credentials> {
  const { apiKey, secret, baseUrl } = await findCredentials(given, around);
  if (apiKey === undefined) throw missing('API key', 'STREAM_API_KEY and STREAM_API_SECRET');
  if (secret === undefined) throw missing(`secret of the API key ${apiKey.value}`, 'STREAM_API_SECRET');
  return {
    apiKey: apiKey.value,
    secret: secret.value,
    ...(baseUrl !== undefined && { baseUrl: baseUrl.value }),
  };
}

function missing(what: string, variables: string): CliError {
  return new CliError(`no ${what} is known`, {
    code: 'ERR_NO_CREDENTIALS',
    hints: [
      `Set ${variables}, here or in a file .env, or store both: rawreel auth login`,
      "They are in Stream's dashboard, under the app.",
    ],
  });
}

/** An empty variable is one that is not set. */
function found(value: string | undefined, from: Origin): Found | undefined {
  return value ? { value, from } : undefined;
}

/** Empty where there is no such file; a folder of that name is an environment of Python. */
async function dotEnv(workingFolder: string): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    return parseEnv(await readFile(join(workingFolder, '.env'), 'utf8'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') return {};
    throw error;
  }
}
