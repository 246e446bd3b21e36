/** Numbers that threads hand to each other as they are: cloned, they would be there three times at once. */
export function sharedColumn(numbers: ArrayLike<number>): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(numbers.length * Float64Array.BYTES_PER_ELEMENT));
  shared.set(numbers);
  return shared;
}
