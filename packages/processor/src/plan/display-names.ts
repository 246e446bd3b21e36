import { parse } from 'csv-parse/sync';
import { ProcessorError } from '../processor-error.ts';
import type { DisplayName } from './plan.ts';

/**
 * Reads how participants are called: JSON of `{ "id": "name" }`, `{ "id": { "name", "avatar" } }` or
 * `[{ "id", "name", "avatar" }]`, or CSV of `id,name,avatar`; with a first line that says so, its columns may stand in any
 * order. What Stream calls `image` is an avatar.
 *
 * @throws {ProcessorError} ERR_NAMES_UNREADABLE, in words for who wrote it
 */
export function readDisplayNames(text: string): Readonly<Record<string, DisplayName>> {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  const entries = /^[{[]/.test(trimmed) ? entriesOfJson(trimmed) : entriesOfCsv(trimmed);
  return Object.fromEntries(
    entries.map(([id, name, avatar]) => [
      id,
      { ...(name === '' ? {} : { name }), ...(avatar === '' ? {} : { avatar }) },
    ]),
  );
}

type Entry = readonly [id: string, name: string, avatar: string];

type Fields = Readonly<Record<string, unknown>>;

function entriesOfJson(text: string): Entry[] {
  let names: unknown;
  try {
    names = JSON.parse(text);
  } catch (cause) {
    throw unreadable(`the names are no JSON: ${(cause as Error).message}`, cause);
  }
  if (!Array.isArray(names)) return Object.entries(names as Fields).map(([id, value]) => entryOf(id, value));
  return names.map((value: Fields | null, index) => {
    const id = value?.['id'];
    if (typeof id !== 'string') throw unreadable(`entry ${index + 1} of the names has no id`);
    return entryOf(id, value);
  });
}

function entryOf(id: string, value: unknown): Entry {
  const isFields = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { name, image, avatar = image }: Fields = isFields ? (value as Fields) : { name: value };
  const [called, picture] = [name ?? '', avatar ?? ''];
  if (typeof called === 'string' && typeof picture === 'string') return [id, called, picture];
  throw unreadable(`the name of ${JSON.stringify(id)} is no text`);
}

/** How columns are titled, in small letters and without what stands between words. */
const TITLES: Readonly<Record<'id' | 'name' | 'avatar', readonly string[]>> = {
  id: ['id', 'userid', 'participantid'],
  name: ['name', 'displayname', 'username'],
  avatar: ['avatar', 'image', 'picture'],
};

function entriesOfCsv(text: string): Entry[] {
  const rows = rowsOf(text);
  const titles = (rows[0]?.record ?? []).map((title) => title.toLowerCase().replaceAll(/[\s_-]/g, ''));
  const titled = (column: keyof typeof TITLES) => titles.findIndex((title) => TITLES[column].includes(title));
  const columns = [titled('id'), titled('name'), titled('avatar')] as const;
  const hasTitles = columns[0] >= 0 || (columns[1] >= 0 && columns[2] >= 0);
  if (hasTitles && columns[0] < 0) throw unreadable('no column of the names is called id');
  const [id, name, avatar] = hasTitles ? columns : [0, 1, 2];
  const named = rows.slice(hasTitles ? 1 : 0);
  if (named.length > 0 && named.every(({ record }) => !record[name] && !record[avatar]))
    throw unreadable('no line has a name: write id,name,avatar in each');
  return named.map(({ record, info: { lines } }) => {
    const userId = record[id] ?? '';
    if (userId === '') throw unreadable(`line ${lines} of the names has no id`);
    return [userId, record[name] ?? '', record[avatar] ?? ''];
  });
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Semicolons or tabs separate fields where the first line has no comma. */
function rowsOf(text: string): readonly Row[] {
  const delimiter = [',', ';', '\t'].find((each) => /^.*/.exec(text)?.[0].includes(each)) ?? ',';
  try {
    return parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as Row[];
  } catch (cause) {
    throw unreadable(`the names are no CSV: ${(cause as Error).message}`, cause);
  }
}

const unreadable = (message: string, cause?: unknown): ProcessorError =>
  new ProcessorError('ERR_NAMES_UNREADABLE', message, {
    hint: 'Names are JSON, { "id": "name" }, or CSV with id,name,avatar in each line.',
    cause,
  });
