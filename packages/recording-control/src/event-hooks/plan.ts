import { eventTypesOf, type HookDestination, isSentTo, newHook, type StoredHook } from './stored-hook.ts';

export interface HookPlan {
  readonly state: 'added' | 'changed' | 'removed' | 'unchanged';
  /** All hooks, in Stream's order. */
  readonly before: readonly StoredHook[];
  readonly after: readonly StoredHook[];
}

/** Has events of these types sent there. A hook that is there is made to do so, and keeps what else it sends. */
export function planToRegister(
  before: readonly StoredHook[],
  destination: HookDestination,
  eventTypes: readonly string[],
): HookPlan {
  const index = before.findIndex((hook) => isSentTo(hook, destination));
  const hook = before[index];
  if (hook === undefined)
    return { state: 'added', before, after: [...before, newHook(destination, eventTypes)] };
  const known = eventTypesOf(hook);
  const missing = known.length === 0 ? [] : eventTypes.filter((type) => !known.includes(type));
  if (missing.length === 0 && hook['enabled'] !== false) return { state: 'unchanged', before, after: before };
  const changed = { ...hook, enabled: true, event_types: [...known, ...missing] };
  return { state: 'changed', before, after: before.with(index, changed) };
}

export function planToUnregister(before: readonly StoredHook[], destination: HookDestination): HookPlan {
  const after = before.filter((hook) => !isSentTo(hook, destination));
  return { state: after.length < before.length ? 'removed' : 'unchanged', before, after };
}

/** As it is written: Stream sets these itself. */
export function writable({ created_at, updated_at, ...hook }: StoredHook): StoredHook {
  return hook;
}

/** Whether Stream has now what was written, every field of it. What Stream itself adds, an id for one, loses nothing. */
export function isWritten(wanted: readonly StoredHook[], found: readonly StoredHook[]): boolean {
  const left = [...found];
  const hasAll = wanted.map(writable).every((hook) => {
    const index = left.findIndex((other) => hasAllOf(other, hook));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
  return hasAll && left.length === 0;
}

/** Whether nobody has changed a hook meanwhile. */
export const areSame = (some: readonly StoredHook[], others: readonly StoredHook[]): boolean =>
  isSame(some.map(writable), others.map(writable));

const hasAllOf = (hook: StoredHook, fields: StoredHook): boolean =>
  Object.entries(fields).every(([name, value]) => isSame(hook[name], value));

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Objects have no order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}
