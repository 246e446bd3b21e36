/** An error in one line, with what to do where that is known. */
export function messageOf(error: unknown): string {
  const { message = String(error), hint } = error as { message?: string; hint?: string };
  return hint ? `${message}. ${hint}` : message;
}
