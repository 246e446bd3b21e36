import { text } from 'node:stream/consumers';
import { jsonText, printable } from '@rawreel/text';
import { type FoundCredentials, findCredentials } from '../control/credentials.ts';
import { removeStored, store, storedIn } from '../control/stored-credentials.ts';
import type { ControlSettings } from '../declare/control-settings.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure/errors.ts';
import type { Surroundings } from '../surroundings.ts';
import { ask, canAsk } from '../terminal/ask.ts';

export async function login({ access, json }: ControlSettings, around: Surroundings): Promise<number> {
  const [apiKey, secret] = canAsk(around)
    ? await asked(access.apiKey, around)
    : await piped(access.apiKey, around);
  if (!apiKey || !secret) throw new UsageError('there is no key, or no secret', PIPED_HINT);
  const folder = await around.machine.configFolder();
  await store(folder, { apiKey, secret });
  const { stdout } = around;
  const path = storedIn(folder);
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

/** What would be used and where it comes from; never the secret itself. */
export async function loginStatus({ access, json }: ControlSettings, around: Surroundings): Promise<number> {
  const found = await findCredentials(access, around);
  if (json) {
    const { apiKey, secret, baseUrl } = found;
    around.stdout.write(
      jsonText({
        apiKey: apiKey ?? null,
        secret: secret ? { from: secret.from } : null,
        baseUrl: baseUrl ?? null,
      }),
    );
  } else around.stdout.write(`${statusLines(found).join('\n')}\n`);
  return found.apiKey && found.secret ? EXIT.whole : EXIT.failed;
}

function statusLines({ apiKey, secret, baseUrl }: FoundCredentials): string[] {
  return [
    apiKey ? `API key ${printable(apiKey.value)} (${apiKey.from})` : 'No API key',
    secret ? `Its secret is known (${secret.from})` : 'No secret that fits',
    ...(baseUrl ? [`Server ${printable(baseUrl.value)} (${baseUrl.from})`] : []),
  ];
}

export async function logout({ json }: ControlSettings, around: Surroundings): Promise<number> {
  const removed = await removeStored(await around.machine.configFolder());
  if (json) around.stdout.write(jsonText({ removed }));
  else around.stdout.write(removed ? 'Removed\n' : 'Nothing was stored\n');
  return EXIT.whole;
}
