import { readFile } from 'node:fs/promises';
import type { JobsSettings } from '../declare/jobs-settings.ts';
import { CliError, UsageError } from '../failure/errors.ts';
import type { Surroundings } from '../surroundings.ts';
import type { JobsApi } from './jobs-api.ts';

const USUAL_URL = 'http://127.0.0.1:8081';

/** Nothing is sent yet. */
export async function connectToService(settings: JobsSettings, around: Surroundings): Promise<JobsApi> {
  const url = urlOf(settings, around);
  const token = await tokenFor(settings, around);
  const { createJobsApi } = await around.doors.jobs();
  return createJobsApi({ url, token, timeoutMs: settings.requestTimeoutMs, signal: around.signal });
}

function urlOf({ url }: JobsSettings, { env }: Surroundings): string {
  const given = url ?? (env.RAWREEL_API_URL || USUAL_URL);
  const parsed = URL.parse(given);
  const isPlain = parsed !== null && parsed.username === '' && parsed.search === '' && parsed.hash === '';
  if (isPlain && /^https?:$/.test(parsed.protocol)) return parsed.href.replace(/\/+$/, '');
  throw new UsageError(
    `${url === undefined ? 'RAWREEL_API_URL' : '--url'} takes an address such as ${USUAL_URL}`,
  );
}

async function tokenFor({ tokenFile }: JobsSettings, { env }: Surroundings): Promise<string> {
  if (tokenFile === undefined && !env.RAWREEL_API_TOKEN) throw noToken('no token of the service is known');
  const token = tokenFile === undefined ? env.RAWREEL_API_TOKEN : (await readFile(tokenFile, 'utf8')).trim();
  if (token !== undefined && /^[\x21-\x7e]+$/.test(token)) return token;
  throw noToken(`what is in ${tokenFile ?? 'RAWREEL_API_TOKEN'} is no token`);
}

const noToken = (message: string): CliError =>
  new CliError(message, {
    code: 'ERR_API_TOKEN',
    hints: ['Set RAWREEL_API_TOKEN to what the service has as its own, or name a file with it: --token-file'],
  });
