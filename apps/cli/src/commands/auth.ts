import { text } from 'node:stream/consumers';
import { jsonText, printable } from '@rawreel/text';
import { type Found, type FoundCredentials, findCredentials, WHY_IGNORED } from '../control/credentials.ts';
import { removeStored, store } from '../control/stored-credentials.ts';
import type { ControlSettings } from '../declare/control-settings.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure/errors.ts';
import { asError, explain } from '../failure/explain.ts';
import type { Surroundings } from '../surroundings.ts';
import { ask, canAsk } from '../terminal/ask.ts';

export async function login({ access, json }: ControlSettings, around: Surroundings): Promise<number> {
  const [apiKey, secret] = canAsk(around)
    ? await asked(access.apiKey, around)
    : await piped(access.apiKey, around);
  if (!apiKey || !secret) throw new UsageError('there is no key, or no secret', PIPED_HINT);
  const { baseUrl } = access;
  if (baseUrl !== undefined) (await around.doors.control()).safeBaseUrl(baseUrl);
  const path = await store(around.machine, { apiKey, secret, baseUrl });
  const { stdout } = around;
  if (json) stdout.write(jsonText({ apiKey, path }));
  else {
    stdout.write(`Key ${printable(apiKey)} and its secret are stored in ${printable(path)}, for you alone\n`);
  }
  return EXIT.whole;
}

async function asked(apiKey: string | undefined, around: Surroundings): Promise<readonly string[]> {
  const key = apiKey ?? (await ask('API key: ', around));
  const secret = await ask('API secret (not shown): ', around, 'secret');
  return [key.trim(), secret.trim()];
}

const PIPED_HINT = ['Without a terminal they come from stdin, a line each; with --api-key only the secret.'];

async function piped(apiKey: string | undefined, { stdin }: Surroundings): Promise<readonly string[]> {
  const lines = (await text(stdin)).split('\n').map((line) => line.trim());
  const [key = '', secret = ''] = apiKey === undefined ? lines : [apiKey, ...lines];
  return [key, secret];
}

/** Stream's own, which the SDK knows by itself. */
const STREAM = 'Stream itself';

/** What would be sent where, and where each comes from; never the secret itself. */
export async function loginStatus({ access, json }: ControlSettings, around: Surroundings): Promise<number> {
  const found = await findCredentials(access, around);
  const refused = await refusalOf(found.baseUrl, around);
  if (json) {
    const { apiKey, secret, baseUrl, ignored } = found;
    around.stdout.write(
      jsonText({
        apiKey: apiKey ?? null,
        secret: secret ? { from: secret.from } : null,
        baseUrl: baseUrl ? shownUrl(baseUrl) : null,
        ...(refused && { refused: asError(explain(refused)) }),
        ignored: ignored.map((url) => ({ baseUrl: shownUrl(url), why: WHY_IGNORED })),
      }),
    );
  } else around.stdout.write(`${statusLines(found, refused).join('\n')}\n`);
  return found.apiKey && found.secret && !refused ? EXIT.whole : EXIT.failed;
}

async function refusalOf(baseUrl: Found | undefined, { doors }: Surroundings): Promise<Error | undefined> {
  if (baseUrl === undefined) return undefined;
  const { safeBaseUrl } = await doors.control();
  try {
    safeBaseUrl(baseUrl.value);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function statusLines(
  { apiKey, secret, baseUrl, ignored }: FoundCredentials,
  refused: Error | undefined,
): string[] {
  return [
    apiKey ? `API key ${printable(apiKey.value)} (${apiKey.from})` : 'No API key',
    secret ? `Its secret is known (${secret.from})` : 'No secret that fits',
    baseUrl ? `Server ${shownUrl(baseUrl).value} (${baseUrl.from})` : `Server: ${STREAM}`,
    ...(refused ? explain(refused).hints.map((hint) => `${refused.message}\n  ${hint}`) : []),
    ...ignored.map((url) => `Ignored: server ${shownUrl(url).value} (${url.from}): ${WHY_IGNORED}`),
  ];
}

/** Without what in it may be a secret: of what is no address of a server, all of it. */
function shownUrl({ value, from }: Found): Found {
  const { protocol, host = '', pathname } = URL.parse(value) ?? {};
  return {
    value: host === '' ? '(not shown)' : printable(`${protocol}//${host}${pathname === '/' ? '' : pathname}`),
    from,
  };
}

export async function logout({ json }: ControlSettings, around: Surroundings): Promise<number> {
  const removed = await removeStored(around.machine);
  if (json) around.stdout.write(jsonText({ removed }));
  else around.stdout.write(removed ? 'Removed\n' : 'Nothing was stored\n');
  return EXIT.whole;
}
