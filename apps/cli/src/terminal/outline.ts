import { type Column, type RenderedTable, renderTable } from './table.ts';

/**
 * Lays out rows as a table whose first columns have become headings: a value of theirs stands on a line of its own, and
 * once for all rows in turn that share it. Each level is indented by one. What of the table does not fit is left out as
 * by `renderTable`, and where nothing that may go is left, its first column becomes a heading, too.
 */
export function renderOutline<Row>(
  headings: readonly Column<Row>[],
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  bold: (title: string) => string,
): RenderedTable {
  const depth = headings.length;
  const [first, ...others] = columns;
  const { lines, dropped, width: taken } = renderTable(columns, rows, width - depth);
  if (first !== undefined && others.length > 0 && depth + taken > width)
    return renderOutline([...headings, first], others, rows, width, bold);
  const indented = (level: number, text: string) => ' '.repeat(level) + text;
  const [titles = '', ...body] = lines;
  const outline = [...headings.map(({ title }) => title), titles].map((title, level) =>
    indented(level, bold(title)),
  );
  let above: readonly string[] = [];
  for (const [index, row] of rows.entries()) {
    const path = headings.map(({ cell }) => cell(row));
    const changed = path.findIndex((value, level) => value !== above[level]);
    if (changed >= 0)
      outline.push(...path.slice(changed).map((value, level) => indented(changed + level, value)));
    above = path;
    outline.push(indented(depth, body[index] ?? ''));
  }
  return { lines: outline, dropped, width };
}
