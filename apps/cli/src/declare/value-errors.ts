import { UsageError } from '../failure/errors.ts';

/** @param hint what to do instead */
export function emptyValue(flag: string, hint?: string): UsageError {
  const hints = ['If it comes from a variable, check that the variable is set.'];
  return new UsageError(`${flag} is empty`, hint === undefined ? hints : [...hints, hint]);
}

interface Given<Value> {
  readonly flag: string;
  readonly value: Value;
}

/**
 * Of options that cannot be used together, the one that is given.
 *
 * @throws UsageError where there are two
 */
export function exclusive<Value>(
  options: Readonly<Record<string, Value | undefined>>,
  hint?: string,
): Given<Value> | undefined {
  const given = Object.entries(options).flatMap(([flag, value]) =>
    value === undefined ? [] : [{ flag, value }],
  );
  const [first, second] = given;
  if (first !== undefined && second !== undefined)
    throw new UsageError(
      `${first.flag} and ${second.flag} cannot be used together`,
      hint === undefined ? [] : [hint],
    );
  return first;
}
