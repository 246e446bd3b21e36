import { text } from 'node:stream/consumers';
import { jsonText, printable } from '@rawreel/text';
import type { Context } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { UsageError } from '../../failure/errors.ts';
import { store } from '../../stream/stored-credentials.ts';
import { canPrompt, prompt } from '../../terminal/prompt.ts';
import type { authLogin } from './login.ts';

export const run: Run<typeof authLogin> = async ({ apiKey: given, baseUrl, json }, context) => {
  const [apiKey, secret] = canPrompt(context) ? await asked(given, context) : await piped(given, context);
  if (!apiKey || !secret) throw new UsageError('the API key or the secret is missing', PIPED_HINT);
  if (baseUrl !== undefined) (await context.packages.control()).safeBaseUrl(baseUrl);
  const path = await store(context.machine, { apiKey, secret, baseUrl });
  const { stdout } = context;
  if (json) stdout.write(jsonText({ apiKey, path }));
  else {
    stdout.write(
      `Stored key ${printable(apiKey)} and its secret in ${printable(path)}, readable only by you\n`,
    );
  }
  return EXIT.whole;
};

async function asked(apiKey: string | undefined, context: Context): Promise<readonly string[]> {
  const key = apiKey ?? (await prompt('API key: ', context));
  const secret = await prompt('API secret (not shown): ', context, 'secret');
  return [key.trim(), secret.trim()];
}

const PIPED_HINT = ['Without a terminal, pass them on stdin, one per line; with --api-key, only the secret.'];

async function piped(apiKey: string | undefined, { stdin }: Context): Promise<readonly string[]> {
  const lines = (await text(stdin)).split('\n').map((line) => line.trim());
  const [key = '', secret = ''] = apiKey === undefined ? lines : [apiKey, ...lines];
  return [key, secret];
}
