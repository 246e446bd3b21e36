/** @throws what `ask` throws; an error that says so where it takes longer */
export async function withinTime<T>(ms: number, ask: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`it took longer than ${ms / 1000} s`)), ms);
  const asked = (async () => ask())();
  return await Promise.race([asked, late.promise]).finally(() => clearTimeout(timer));
}
