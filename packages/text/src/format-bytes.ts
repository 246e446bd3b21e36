const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** `9999 bytes`, `41.5 kB`, `412 MB`: exact where a person would count, in decimal units above. */
export function formatBytes(count: number): string {
  if (count < 10_000) return `${count} ${count === 1 ? 'byte' : 'bytes'}`;
  let value = count / 1000;
  let unit = 0;
  // What would be rounded up to a thousand is one of the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
