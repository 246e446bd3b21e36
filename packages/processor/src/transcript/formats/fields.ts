/** Anything that JSON calls an object; one without fields where it is something else. */
export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Its entries that are objects; none where it is no list. */
export const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : [];

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A number, also one in a string, in the unit given in ms; NaN where it is none. */
export const msOf = (value: unknown, unitMs: number): number =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value))
    ? Number(value) * unitMs
    : Number.NaN;

export const SECOND = 1000;
