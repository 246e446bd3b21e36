import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { NewExternalStorage } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { OptionsOf } from '../declare/option.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure/errors.ts';
import type { STORAGE } from '../options/own-storage.ts';
import type { STREAM } from '../options/stream-access.ts';
import { connect } from './connect-to-stream.ts';

type StorageOptions = OptionsOf<typeof STORAGE> & { readonly name: string };

/** Makes a storage known to Stream, or replaces what Stream knows of it. */
export async function writeStorage(
  action: 'create' | 'update',
  options: StorageOptions & OptionsOf<typeof STREAM>,
  context: Context,
): Promise<number> {
  const storage = await newStorage(options, context);
  const { control } = await connect(options, context);
  const { stdout, signal } = context;
  const written = await control.externalStorage[action](storage, { signal });
  if (options.json) stdout.write(jsonText(written));
  else {
    const name = printable(written.name);
    const done = action === 'create' ? 'created' : 'replaced';
    stdout.write(
      `Storage ${name} ${done}\n  Check that Stream can write to it: rawreel storage check ${name}\n`,
    );
  }
  return EXIT.whole;
}

/** @throws UsageError for options that do not go with the type, and for credentials that are not of its form */
async function newStorage(options: StorageOptions, { stdin }: Context): Promise<NewExternalStorage> {
  const { name, type, bucket, path, region, endpoint, credentials } = options;
  const missing = (flag: string) => new UsageError(`${flag} is missing`, [`It is required for ${type}.`]);
  if (type === 's3' && region === undefined) throw missing('--region');
  if (type !== 's3' && region !== undefined) throw new UsageError(`--region is for s3, not for ${type}`);
  if (type !== 's3' && endpoint !== undefined) throw new UsageError(`--endpoint is for s3, not for ${type}`);
  if ((type !== 's3' || endpoint !== undefined) && credentials === undefined) throw missing('--credentials');
  const given =
    credentials === '-' ? await text(stdin) : credentials && (await readFile(credentials, 'utf8'));
  const common = { name, bucket, path };
  switch (type) {
    case 's3': {
      const place = { ...common, type, region: region ?? '' };
      if (!given) return place;
      const [id, secret] = fieldsOf(given, 'id', 'secret');
      return { ...place, endpoint, keys: { id, secret } };
    }
    case 'gcs':
      return { ...common, type, credentials: given ?? '' };
    case 'abs': {
      const names = ['accountName', 'tenantId', 'clientId', 'clientSecret'] as const;
      const [accountName, tenantId, clientId, clientSecret] = fieldsOf(given ?? '', ...names);
      return { ...common, type, accountName, tenantId, clientId, clientSecret };
    }
    default:
      return type satisfies never;
  }
}

/** The message contains no piece of the text, which is secret. */
function fieldsOf<Names extends readonly string[]>(
  json: string,
  ...names: Names
): { [Position in keyof Names]: string } {
  const fields = parsed(json);
  return names.map((name) => {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new UsageError(`--credentials has no "${name}"`, [
      `It is JSON: { ${names.map((each) => `"${each}": "…"`).join(', ')} }`,
    ]);
  }) as { [Position in keyof Names]: string };
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
