import type { DisplayName } from './plan.ts';

/**
 * Reads how participants are called: JSON of `{ "id": "name" }` or `{ "id": { "name", "avatar" } }`, or CSV of
 * `id,name,avatar` (RFC 4180), with or without a first line that says so.
 *
 * @throws {TypeError} in words for who wrote it
 */
export function readDisplayNames(text: string): Readonly<Record<string, DisplayName>> {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed.startsWith('[')) throw new TypeError('the names are a list: write { "id": "name" }');
  const entries = trimmed.startsWith('{') ? entriesOfJson(trimmed) : entriesOfCsv(trimmed);
  return Object.fromEntries(
    entries.map(([id, name, avatar]) => [
      id,
      { ...(name === '' ? {} : { name }), ...(avatar === '' ? {} : { avatar }) },
    ]),
  );
}

type Entry = readonly [id: string, name: string, avatar: string];

function entriesOfJson(text: string): Entry[] {
  let names: Readonly<Record<string, unknown>>;
  try {
    names = JSON.parse(text) as typeof names;
  } catch (cause) {
    throw new TypeError(`the names are no JSON: ${(cause as Error).message}`, { cause });
  }
  return Object.entries(names).map(([id, value]) => {
    const fields = typeof value === 'string' ? { name: value } : (value ?? {});
    const { name = '', avatar = '' } = fields as { name?: unknown; avatar?: unknown };
    if (typeof fields !== 'object' || typeof name !== 'string' || typeof avatar !== 'string')
      throw new TypeError(`the name of ${JSON.stringify(id)} is no text`);
    return [id, name, avatar];
  });
}

function entriesOfCsv(text: string): Entry[] {
  const rows = rowsOf(text).filter((row) => row.some((field) => field !== ''));
  if (rows.length > 0 && rows.every(([, ...more]) => more.every((field) => field === '')))
    throw new TypeError('no line has a name: write id,name,avatar in each');
  const isHeader = /^(?:user[_ ]?)?id$/i.test(rows[0]?.[0] ?? '');
  return rows.slice(isHeader ? 1 : 0).map(([id = '', name = '', avatar = ''], index) => {
    if (id === '') throw new TypeError(`line ${index + (isHeader ? 2 : 1)} of the names has no id`);
    return [id, name, avatar];
  });
}

/** Fields may be in quotes, with commas, line breaks and doubled quotes in them. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows;
}
