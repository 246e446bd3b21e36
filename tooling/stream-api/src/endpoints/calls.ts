import { ApiError } from '../errors.ts';
import {
  type GetOrCreateCall,
  type GoLive,
  getOrCreateCall,
  goLive,
  type StopLive,
  stopLive,
  type UpdateCall,
  updateCall,
} from '../requests/bodies.ts';
import { callResponse, cidOf, underWay } from '../state/answers.ts';
import { overridden, setting } from '../state/default-settings.ts';
import type { Call, RecordingType } from '../state/state.ts';
import type { Api, Endpoint } from './endpoint.ts';
import { callParams, callTypeNamed, existingCall, mustKnowStorage } from './lookup.ts';
import { startOn } from './recordings.ts';

const PATH = '/api/v2/video/call/{type}/{id}';

export const withMembers = ({ state }: Api, call: Call) => ({
  call: callResponse(state, call),
  members: [],
  own_capabilities: [],
});

export const callEndpoints: readonly Endpoint[] = [
  {
    name: 'GetCall',
    method: 'GET',
    path: PATH,
    query: ['members_limit', 'ring', 'notify', 'video'],
    answer: (api, input) => withMembers(api, existingCall(api.state, 'GetCall', input)),
  },
  {
    name: 'GetOrCreateCall',
    method: 'POST',
    path: PATH,
    body: getOrCreateCall,
    answer(api, { params, body }) {
      const { type, id } = callParams(params);
      const { data = {} } = body as GetOrCreateCall;
      const callType = callTypeNamed(api.state, 'GetOrCreateCall', type);
      const existing = api.state.calls.get(cidOf({ type, id }));
      if (existing !== undefined) return { ...withMembers(api, existing), created: false };
      const createdById = data.created_by_id ?? data.created_by?.id;
      if (createdById === undefined)
        throw new ApiError(
          'input',
          'GetOrCreateCall failed with error: "either data.created_by or data.created_by_id must be provided when using server side auth."',
        );
      const now = api.clock.now();
      const { settings_override: override = {} } = data;
      const call: Call = {
        type,
        id,
        createdAt: now,
        updatedAt: now,
        createdById,
        endedAt: undefined,
        session: undefined,
        backstage: setting(overridden(callType.settings, override), 'backstage', 'enabled') === true,
        startsAt: data.starts_at,
        team: data.team,
        memberIds: data.members?.map(({ user_id }) => user_id) ?? [],
        custom: data.custom ?? {},
        override,
        recordings: [],
      };
      api.state.calls.set(cidOf(call), call);
      return { ...withMembers(api, call), created: true };
    },
  },
  {
    name: 'UpdateCall',
    method: 'PATCH',
    path: PATH,
    body: updateCall,
    answer(api, input) {
      const call = existingCall(api.state, 'UpdateCall', input);
      const { starts_at, custom, settings_override } = input.body as UpdateCall;
      if (starts_at !== undefined) call.startsAt = starts_at;
      if (custom !== undefined) call.custom = custom;
      if (settings_override !== undefined) call.override = { ...call.override, ...settings_override };
      call.updatedAt = api.clock.now();
      return withMembers(api, call);
    },
  },
  {
    name: 'GoLive',
    method: 'POST',
    path: `${PATH}/go_live`,
    body: goLive,
    answer(api, input) {
      const call = existingCall(api.state, 'GoLive', input);
      const body = input.body as GoLive;
      mustKnowStorage(api.state, 'GoLive', body.recording_storage_name);
      const wanted: readonly [RecordingType, boolean | undefined][] = [
        ['raw', body.start_raw_recording],
        ['individual', body.start_individual_recording],
        ['composite', body.start_composite_recording ?? body.start_recording],
      ];
      for (const [type, start] of wanted)
        if (start === true) startOn(api, 'GoLive', call, type, body.recording_storage_name);
      call.backstage = false;
      call.updatedAt = api.clock.now();
      return { call: callResponse(api.state, call) };
    },
  },
  {
    name: 'StopLive',
    method: 'POST',
    path: `${PATH}/stop_live`,
    body: stopLive,
    answer(api, input) {
      const call = existingCall(api.state, 'StopLive', input);
      const body = input.body as StopLive;
      const kept: readonly [RecordingType, boolean | undefined][] = [
        ['raw', body.continue_raw_recording],
        ['individual', body.continue_individual_recording],
        ['composite', body.continue_composite_recording ?? body.continue_recording],
      ];
      for (const [type, goesOn] of kept)
        if (goesOn !== true && underWay(call, type) !== undefined) api.recorder.stop(call, type);
      call.backstage = true;
      call.updatedAt = api.clock.now();
      return { call: callResponse(api.state, call) };
    },
  },
];
