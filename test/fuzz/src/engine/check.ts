/** A reader gave out something that does not hold. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

/** `claim` is made into words only when it does not hold, since targets check a lot and are run often. */
export function check(holds: boolean, claim: string | (() => string)): asserts holds {
  if (!holds) throw new CheckFailure(typeof claim === 'string' ? claim : claim());
}

export function fail(claim: string): never {
  throw new CheckFailure(claim);
}
