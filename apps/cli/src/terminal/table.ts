import { displayWidth } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  /** Among the columns that may go when the terminal is narrow, the lowest goes first; without it, a column stays. */
  readonly goes?: number;
  cell(row: Row): string;
}

export interface RenderedTable {
  /** The heading first. */
  readonly lines: readonly string[];
  /** Titles of the columns that found no room, in the order of the table. */
  readonly dropped: readonly string[];
  /** Columns of a terminal that the widest line takes. */
  readonly width: number;
}

const GAP = 2;

/**
 * Lays out a table. Where `width` is too narrow, whole columns go until the rest fits or only columns that stay are
 * left: those overflow, because a cell is never cut.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | undefined,
): RenderedTable {
  const laid = columns.map((column) => {
    const cells = [column.title, ...rows.map((row) => column.cell(row))];
    const widths = cells.map((cell) => displayWidth(cell));
    return { column, cells, widths, width: widths.reduce((widest, each) => Math.max(widest, each), 0) };
  });
  const dropped = new Set<string>();
  let total = laid.reduce((sum, each) => sum + each.width + GAP, -GAP);
  const mayGo = laid
    .filter(({ column }) => column.goes !== undefined)
    .sort((one, other) => (one.column.goes ?? 0) - (other.column.goes ?? 0));
  for (const each of mayGo) {
    if (width === undefined || total <= width) break;
    dropped.add(each.column.title);
    total -= each.width + GAP;
  }
  const shown = laid.filter(({ column }) => !dropped.has(column.title));
  const lines = Array.from({ length: rows.length + 1 }, (_, line) =>
    shown
      .map(({ column, cells, widths, width: columnWidth }) => {
        const padding = ' '.repeat(columnWidth - (widths[line] ?? 0));
        return column.align === 'right' ? padding + cells[line] : cells[line] + padding;
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  return {
    lines,
    dropped: columns.map((column) => column.title).filter((title) => dropped.has(title)),
    width: total,
  };
}
