import { randomUUID } from 'node:crypto';
import { ApiError } from '../errors.ts';
import {
  type CreateExternalStorage,
  createExternalStorage,
  type UpdateExternalStorage,
  updateExternalStorage,
} from '../requests/bodies.ts';
import type { ExternalStorage, State } from '../state/state.ts';
import type { Endpoint } from './endpoint.ts';
import { param } from './lookup.ts';

const PATH = '/api/v2/external_storage';
/** https://getstream.io/video/docs/api/recording/storage/ */
const MOST_STORAGES = 10;

export const externalStorageEndpoints: readonly Endpoint[] = [
  {
    name: 'ListExternalStorage',
    method: 'GET',
    path: PATH,
    answer: ({ state }) => ({ external_storages: Object.fromEntries(state.externalStorages) }),
  },
  {
    name: 'CreateExternalStorage',
    method: 'POST',
    path: PATH,
    body: createExternalStorage,
    answer({ state }, { body }) {
      const { name, storage_type: type, bucket, path = '' } = body as CreateExternalStorage;
      if (state.externalStorages.has(name))
        throw new ApiError(
          'input',
          `CreateExternalStorage failed with error: "external storage ${name} already exists"`,
        );
      if (state.externalStorages.size >= MOST_STORAGES)
        throw new ApiError(
          'input',
          `CreateExternalStorage failed with error: "an application has ${MOST_STORAGES} external storages at most"`,
        );
      // Credentials are not kept: the API shows them to nobody either.
      state.externalStorages.set(name, { name, type, bucket, path });
      return {};
    },
  },
  {
    name: 'CheckExternalStorage',
    method: 'GET',
    path: `${PATH}/{name}/check`,
    answer({ state, url }, { params }) {
      const { bucket, path } = named(state, 'CheckExternalStorage', param(params, 'name'));
      return { file_url: `${url}/${bucket}/${path}stream-${randomUUID()}.md` };
    },
  },
  {
    name: 'UpdateExternalStorage',
    method: 'PUT',
    path: `${PATH}/{name}`,
    body: updateExternalStorage,
    answer({ state }, { params, body }) {
      const storage = named(state, 'UpdateExternalStorage', param(params, 'name'));
      const { storage_type: type, bucket, path = '' } = body as UpdateExternalStorage;
      Object.assign(storage, { type, bucket, path });
      return { ...storage };
    },
  },
  {
    name: 'DeleteExternalStorage',
    method: 'DELETE',
    path: `${PATH}/{name}`,
    answer({ state }, { params }) {
      const { name } = named(state, 'DeleteExternalStorage', param(params, 'name'));
      const user = [...state.callTypes.values()].find(({ externalStorage }) => externalStorage === name);
      if (user !== undefined)
        throw new ApiError(
          'input',
          `DeleteExternalStorage failed with error: "external storage ${name} is used by call type ${user.name}"`,
        );
      state.externalStorages.delete(name);
      return {};
    },
  },
];

function named({ externalStorages }: State, operation: string, name: string): ExternalStorage {
  const storage = externalStorages.get(name);
  if (storage !== undefined) return storage;
  throw new ApiError(
    'doesNotExist',
    `${operation} failed with error: "external storage ${name} does not exist"`,
  );
}
