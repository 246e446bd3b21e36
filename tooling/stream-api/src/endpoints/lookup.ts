import { ApiError } from '../errors.ts';
import { cidOf } from '../state/answers.ts';
import type { Call, CallType, State } from '../state/state.ts';
import type { Input } from './endpoint.ts';

// Each says what is not there as the API does.

export function callTypeNamed(state: State, operation: string, name: string): CallType {
  const callType = state.callTypes.get(name);
  if (callType !== undefined) return callType;
  throw new ApiError('doesNotExist', `${operation} failed with error: "${name}: call type does not exist"`);
}

export function existingCall(state: State, operation: string, { params }: Input): Call {
  const { type, id } = callParams(params);
  callTypeNamed(state, operation, type);
  const call = state.calls.get(cidOf({ type, id }));
  if (call !== undefined) return call;
  throw new ApiError(
    'doesNotExist',
    `${operation} failed with error: "Can't find call with id ${type}:${id}"`,
  );
}

/** A storage that a request names, if it names one; an empty name is that of none. */
export function mustKnowStorage(state: State, operation: string, name: string | undefined): void {
  if (name === undefined || name === '' || state.externalStorages.has(name)) return;
  throw new ApiError('input', `${operation} failed with error: "external storage ${name} does not exist"`);
}

export const param = (params: Input['params'], name: string): string => {
  const value = params[name];
  if (value === undefined) throw new Error(`the path has no {${name}}`);
  return value;
};

export const callParams = (params: Input['params']) => ({
  type: param(params, 'type'),
  id: param(params, 'id'),
});
