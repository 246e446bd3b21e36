/** A row of a table, and the line that it begins in. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Reads RFC 4180 and what spreadsheets make of it: fields may be in quotes, with separators, line breaks and doubled quotes in
 * them; semicolons or tabs separate them where the first line has no comma. Empty rows are none.
 *
 * @throws {TypeError} for a quote without an end, and what stands behind one
 */
export function rowsOfCsv(text: string): CsvRow[] {
  const separator = [',', ';', '\t'].find((each) => /^.*/.exec(text)?.[0].includes(each)) ?? ',';
  const rows: { line: number; fields: string[] }[] = [];
  let line = 1;
  let row: { line: number; fields: string[] } | undefined;
  for (let at = 0; at <= text.length; at++) {
    row ??= { line, fields: [] };
    const quoted = /[ ]*"((?:[^"]|"")*)("?)[ ]*/y;
    quoted.lastIndex = at;
    const [whole, inner = '', end] = quoted.exec(text) ?? [];
    if (end === '') throw new TypeError(`a quote in line ${line} has no end`);
    if (whole !== undefined) {
      row.fields.push(inner.replaceAll('""', '"'));
      line += inner.split('\n').length - 1;
      at += whole.length;
    } else {
      const start = at;
      while (at < text.length && text[at] !== separator && text[at] !== '\n') at++;
      row.fields.push(text.slice(start, at).trim());
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (text[at] === separator) continue;
    if (at < text.length && text[at] !== '\n')
      throw new TypeError(`something stands behind a quote in line ${line}`);
    if (row.fields.some((field) => field !== '')) rows.push(row);
    row = undefined;
    line++;
  }
  return rows;
}
