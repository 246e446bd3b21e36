import { randomUUID } from 'node:crypto';
import { ApiError } from '../errors.ts';
import { type CreateExternalStorage, createExternalStorage } from '../requests/bodies.ts';
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
      const name = param(params, 'name');
      const storage = state.externalStorages.get(name);
      if (storage === undefined)
        throw new ApiError(
          'doesNotExist',
          `CheckExternalStorage failed with error: "external storage ${name} does not exist"`,
        );
      return { file_url: `${url}/${storage.bucket}/${storage.path}stream-${randomUUID()}.md` };
    },
  },
];
