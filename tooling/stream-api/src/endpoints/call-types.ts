import { ApiError } from '../errors.ts';
import {
  type CreateCallType,
  createCallType,
  type UpdateCallType,
  updateCallType,
} from '../requests/bodies.ts';
import { callTypeResponse } from '../state/answers.ts';
import { overridden } from '../state/default-settings.ts';
import { type CallType, newCallType } from '../state/state.ts';
import type { Api, Endpoint, Input } from './endpoint.ts';
import { callTypeNamed, mustKnowStorage, param } from './lookup.ts';

const PATH = '/api/v2/video/calltypes';

export const callTypeEndpoints: readonly Endpoint[] = [
  {
    name: 'ListCallTypes',
    method: 'GET',
    path: PATH,
    answer: ({ state }) => ({
      call_types: Object.fromEntries(
        [...state.callTypes].map(([name, callType]) => [name, callTypeResponse(callType)]),
      ),
    }),
  },
  {
    name: 'CreateCallType',
    method: 'POST',
    path: PATH,
    body: createCallType,
    answer(api, { body }) {
      const { name, settings, grants = {}, external_storage } = body as CreateCallType;
      mustKnowStorage(api.state, 'CreateCallType', external_storage);
      if (api.state.callTypes.has(name))
        throw new ApiError('input', `CreateCallType failed with error: "call type ${name} already exists"`);
      const callType = newCallType(name, api.clock.now(), settings);
      callType.grants = { ...callType.grants, ...grants };
      callType.externalStorage = external_storage || undefined;
      api.state.callTypes.set(name, callType);
      return callTypeResponse(callType);
    },
  },
  {
    name: 'GetCallType',
    method: 'GET',
    path: `${PATH}/{name}`,
    answer: (api, input) => callTypeResponse(named(api, 'GetCallType', input)),
  },
  {
    name: 'DeleteCallType',
    method: 'DELETE',
    path: `${PATH}/{name}`,
    answer(api, input) {
      const { name } = named(api, 'DeleteCallType', input);
      if ([...api.state.calls.values()].some(({ type }) => type === name))
        throw new ApiError('input', `DeleteCallType failed with error: "call type ${name} has calls"`);
      api.state.callTypes.delete(name);
      return {};
    },
  },
  {
    name: 'UpdateCallType',
    method: 'PUT',
    path: `${PATH}/{name}`,
    body: updateCallType,
    answer(api, input) {
      const callType = named(api, 'UpdateCallType', input);
      const change = input.body as UpdateCallType;
      mustKnowStorage(api.state, 'UpdateCallType', change.external_storage);
      apply(callType, change);
      callType.updatedAt = api.clock.now();
      return callTypeResponse(callType);
    },
  },
];

const named = ({ state }: Api, operation: string, { params }: Input) =>
  callTypeNamed(state, operation, param(params, 'name'));

/**
 * Grants are taken as a whole: a role that is not named has none afterwards. A new call type keeps the roles that it is not told of;
 * whether a change does is not documented, and a client that reads first and sends all of them is right either way.
 */
function apply(callType: CallType, { settings, grants, external_storage }: UpdateCallType): void {
  if (settings !== undefined) callType.settings = overridden(callType.settings, settings);
  if (grants !== undefined) callType.grants = grants;
  if (external_storage !== undefined) callType.externalStorage = external_storage || undefined;
}
