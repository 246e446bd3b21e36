import { type CallClass, planOf } from './classes.ts';
import { type SessionError, sessionErrors } from './measure.ts';
import { placeCall, scanCall } from './place/place-call.ts';
import type { Call } from './simulate/call.ts';
import type { CallPlan } from './simulate/plan.ts';
import { Random } from './simulate/random.ts';
import { simulate } from './simulate/simulate.ts';

/** One simulated call, and what the processor made of it. */
export interface CallResult {
  readonly plan: CallPlan;
  readonly call: Call;
  readonly sessions: readonly SessionError[];
  /** Processor time of each step, ms: others may be busy on the same machine. */
  readonly took: { readonly simulateMs: number; readonly scanMs: number; readonly solveMs: number };
}

/** The call that class and seed make, without being placed. */
export function callOf(callClass: CallClass, seed: number): Pick<CallResult, 'plan' | 'call'> {
  const random = new Random(seed);
  const plan = planOf(callClass, random);
  return { plan, call: simulate(plan, random) };
}

const processorMs = (): number => process.cpuUsage().user / 1000;

export function runCall(callClass: CallClass, seed: number): CallResult {
  const startedMs = processorMs();
  const { plan, call } = callOf(callClass, seed);
  const simulatedMs = processorMs();
  const scanned = scanCall(call);
  const scannedMs = processorMs();
  const placed = placeCall(scanned);
  const solvedMs = processorMs();
  return {
    plan,
    call,
    sessions: sessionErrors(call, placed),
    took: {
      simulateMs: simulatedMs - startedMs,
      scanMs: scannedMs - simulatedMs,
      solveMs: solvedMs - scannedMs,
    },
  };
}
