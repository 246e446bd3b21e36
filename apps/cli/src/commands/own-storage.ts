import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { ExternalStorage, NewExternalStorage } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import { connect } from '../control/connect.ts';
import type {
  AssignSettings,
  ControlSettings,
  CreateStorageSettings,
  StorageSettings,
} from '../declare/control-settings.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure/errors.ts';
import type { Surroundings } from '../surroundings.ts';
import { coloursFor } from '../terminal/colour.ts';
import { type Column, renderTable } from '../terminal/table.ts';

const COLUMNS: readonly Column<ExternalStorage>[] = [
  { title: 'NAME', cell: ({ name }) => printable(name) },
  { title: 'TYPE', cell: ({ type }) => printable(type) },
  { title: 'BUCKET', cell: ({ bucket }) => printable(bucket) },
  { title: 'PATH', cell: ({ path }) => printable(path) || '-' },
];

export async function listStorages(settings: ControlSettings, around: Surroundings): Promise<number> {
  const { control } = await connect(settings, around);
  const storages = await control.externalStorage.list({ signal: around.signal });
  const { stdout, env } = around;
  if (settings.json) stdout.write(jsonText(storages));
  else if (storages.length === 0) stdout.write('No storages of your own\n');
  else {
    const [heading = '', ...lines] = renderTable(COLUMNS, storages, undefined).lines;
    stdout.write(`${[coloursFor(stdout, env).bold(heading), ...lines].join('\n')}\n`);
  }
  return EXIT.whole;
}

export const createStorage = (settings: CreateStorageSettings, around: Surroundings): Promise<number> =>
  writeStorage('create', 'created', settings, around);

export const updateStorage = (settings: CreateStorageSettings, around: Surroundings): Promise<number> =>
  writeStorage('update', 'replaced', settings, around);

async function writeStorage(
  action: 'create' | 'update',
  done: string,
  settings: CreateStorageSettings,
  around: Surroundings,
): Promise<number> {
  const storage = await newStorage(settings, around);
  const { control } = await connect(settings, around);
  const written = await control.externalStorage[action](storage, { signal: around.signal });
  const { stdout } = around;
  if (settings.json) stdout.write(jsonText(written));
  else {
    const name = printable(written.name);
    stdout.write(`Storage ${name} ${done}\n  Can Stream write there? rawreel storage check ${name}\n`);
  }
  return EXIT.whole;
}

export async function deleteStorage(settings: StorageSettings, around: Surroundings): Promise<number> {
  const { control } = await connect(settings, around);
  const deleted = await control.externalStorage.delete(settings.name, { signal: around.signal });
  const { stdout } = around;
  if (settings.json) stdout.write(jsonText(deleted));
  else {
    const words = deleted.state === 'deleted' ? 'is no longer known to Stream' : 'was not known to Stream';
    stdout.write(`Storage ${printable(settings.name)} ${words}\n`);
  }
  return EXIT.whole;
}

export async function checkStorage(settings: StorageSettings, around: Surroundings): Promise<number> {
  const { control } = await connect(settings, around);
  const fileUrl = await control.externalStorage.check(settings.name, { signal: around.signal });
  const { stdout } = around;
  if (settings.json) stdout.write(jsonText({ fileUrl }));
  else stdout.write(`Stream has written to ${printable(settings.name)}: ${printable(fileUrl)}\n`);
  return EXIT.whole;
}

export async function assignStorage(settings: AssignSettings, around: Surroundings): Promise<number> {
  const { control } = await connect(settings, around);
  const { name, callType } = settings;
  const assigned = await control.externalStorage.assign(callType, name, { signal: around.signal });
  const { stdout } = around;
  if (settings.json) stdout.write(jsonText(assigned));
  else {
    const of = `Recordings of call type ${printable(callType)}`;
    const before = assigned.before === undefined ? "Stream's own storage" : printable(assigned.before);
    const words =
      assigned.state === 'assigned'
        ? `${of} go to ${printable(name)} from now on, and went to ${before}`
        : `${of} go to ${printable(name)} already`;
    stdout.write(`${words}\n`);
  }
  return EXIT.whole;
}

export async function unassignStorage(
  settings: ControlSettings & Pick<AssignSettings, 'callType'>,
  around: Surroundings,
): Promise<number> {
  const { control } = await connect(settings, around);
  const { callType } = settings;
  const { state, before } = await control.externalStorage.unassign(callType, { signal: around.signal });
  const { stdout } = around;
  if (settings.json) stdout.write(jsonText({ state, before }));
  else {
    const of = `Recordings of call type ${printable(callType)} go to Stream's own storage`;
    stdout.write(
      state === 'unassigned'
        ? `${of} from now on, and went to ${printable(before ?? '')}\n`
        : `${of} already\n`,
    );
  }
  return EXIT.whole;
}

async function newStorage(
  { name, type, bucket, path, region = '', endpoint, credentials }: CreateStorageSettings,
  { stdin }: Surroundings,
): Promise<NewExternalStorage> {
  const common = { name, bucket, path };
  const given =
    credentials === '-' ? await text(stdin) : credentials && (await readFile(credentials, 'utf8'));
  switch (type) {
    case 's3': {
      if (!given) return { ...common, type, region };
      const [id, secret] = fieldsOf(given, 'id', 'secret');
      return { ...common, type, region, endpoint, keys: { id, secret } };
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

/** What is wrong is said without a piece of the text, which is secret. */
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
