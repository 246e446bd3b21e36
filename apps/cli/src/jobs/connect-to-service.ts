import { readFile } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { CliError, UsageError } from '../failure/errors.ts';
import type { ServiceAccess } from '../options/service.ts';
import type { JobsApi } from './jobs-api.ts';

const USUAL_URL = 'http://127.0.0.1:8081';

/** Nothing is sent yet. */
export async function connectToService(access: ServiceAccess, context: Context): Promise<JobsApi> {
  const url = urlOf(access, context);
  const token = await tokenFor(access, context);
  const { createJobsApi } = await context.packages.jobs();
  return createJobsApi({ url, token, timeoutMs: access.requestTimeout, signal: context.signal });
}

function urlOf({ url }: ServiceAccess, { env }: Context): string {
  const given = url ?? (env.RAWREEL_API_URL || USUAL_URL);
  const parsed = URL.parse(given);
  const isPlain = parsed !== null && parsed.username === '' && parsed.search === '' && parsed.hash === '';
  if (isPlain && /^https?:$/.test(parsed.protocol)) return parsed.href.replace(/\/+$/, '');
  throw new UsageError(
    `${url === undefined ? 'RAWREEL_API_URL' : '--url'} takes an address such as ${USUAL_URL}`,
  );
}

async function tokenFor({ tokenFile }: ServiceAccess, { env }: Context): Promise<string> {
  if (tokenFile === undefined && !env.RAWREEL_API_TOKEN) throw noToken('no API token for the service found');
  const token = tokenFile === undefined ? env.RAWREEL_API_TOKEN : (await readFile(tokenFile, 'utf8')).trim();
  if (token !== undefined && /^[\x21-\x7e]+$/.test(token)) return token;
  throw noToken(`${tokenFile ?? 'RAWREEL_API_TOKEN'} contains no valid token`);
}

const noToken = (message: string): CliError =>
  new CliError(message, {
    code: 'ERR_API_TOKEN',
    hints: ['Set RAWREEL_API_TOKEN to the token of the service, or use a file: --token-file'],
  });
