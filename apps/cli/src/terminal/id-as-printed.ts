import { printable } from '@rawreel/text';

/**
 * The id that a person means by text copied from our own output, where unprintable characters are escaped: an exact
 * match first, else the only id that prints like it.
 */
export function idAsPrinted(given: string, known: readonly string[]): string {
  if (known.includes(given)) return given;
  const alike = known.filter((id) => printable(id) === given);
  return alike.length === 1 && alike[0] !== undefined ? alike[0] : given;
}
