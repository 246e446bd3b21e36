const MOST_NAMED = 10;

/** Names as a message lists them: the first ten, and how many others there are. */
export function someOf(names: readonly string[]): string {
  const others = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
}
