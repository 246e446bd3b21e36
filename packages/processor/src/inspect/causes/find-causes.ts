import type { Cause } from '../inspection.ts';
import type { CallMeasures } from './call-measures.ts';

/** What the measures of a call come of, in the order of time. */
export function findCauses(_call: CallMeasures): Cause[] {
  return [];
}
