import type { Api, Endpoint } from '../endpoints/endpoint.ts';
import type { CreateCallType, CreateExternalStorage, GetOrCreateCall } from '../requests/bodies.ts';
import type { UpdateApp } from '../requests/hook-bodies.ts';
import { validate } from '../requests/validate.ts';
import { cidOf } from './answers.ts';
import type { SeedRecording } from './seed-recording.ts';
import { join } from './session.ts';

/** What is there before the first request, in the API's own words. */
export interface Seed {
  readonly externalStorages?: readonly CreateExternalStorage[];
  /** Beside the four that every app has. */
  readonly callTypes?: readonly CreateCallType[];
  readonly calls?: readonly SeedCall[];
  /** Where events go. */
  readonly eventHooks?: NonNullable<UpdateApp['event_hooks']>;
}

export interface SeedCall {
  readonly type: string;
  readonly id: string;
  /** Now, unless told. */
  readonly createdAt?: Date;
  /** Not at all, unless told. */
  readonly endedAt?: Date;
  /** Who is in it: ids of users; nobody, unless told, and then there is no session. */
  readonly participants?: readonly string[];
  /** Created by `seed` unless told. */
  readonly data?: NonNullable<GetOrCreateCall['data']>;
  /** That are ready. */
  readonly recordings?: readonly SeedRecording[];
}

/** Through the endpoints themselves: what they would refuse cannot be there. */
export function plant(api: Api, endpoints: readonly Endpoint[], seed: Seed): void {
  const ask = (name: string, body: unknown, params: Record<string, string> = {}) => {
    const endpoint = endpoints.find((candidate) => candidate.name === name);
    if (endpoint?.body === undefined) throw new Error(`${name} takes no body`);
    endpoint.answer(api, { params, body: validate(name, endpoint.body, body) });
  };
  if (seed.eventHooks !== undefined) ask('UpdateApp', { event_hooks: seed.eventHooks });
  for (const storage of seed.externalStorages ?? []) ask('CreateExternalStorage', storage);
  for (const callType of seed.callTypes ?? []) ask('CreateCallType', callType);
  for (const { type, id, createdAt, endedAt, participants = [], data, recordings = [] } of seed.calls ?? []) {
    ask('GetOrCreateCall', { data: { created_by_id: 'seed', ...data } }, { type, id });
    const call = api.state.calls.get(cidOf({ type, id }));
    if (call === undefined) throw new Error(`call ${type}:${id} was not made`);
    if (createdAt !== undefined) call.createdAt = createdAt.getTime();
    call.endedAt = endedAt?.getTime();
    for (const userId of participants) join(api, call, userId);
    for (const recording of recordings) api.recorder.plant(call, recording);
  }
}
