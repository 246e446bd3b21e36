/** SQLSTATE classes that say that the server is not there, or not for now: connection, resources, operator's intervention. */
const NOT_NOW = /^(?:08|53|57)/;

/** Whether an error is what the database has answered, and not that it was out of reach. */
export function isAnswer(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Each has a digit, unlike the system's EPIPE.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !NOT_NOW.test(code);
}
