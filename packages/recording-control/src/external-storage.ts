import { printable, withoutUndefined } from '@rawreel/text';
import type { CreateExternalStorageRequest, StreamClient } from '@stream-io/node-sdk';
import { checkOf, externalStoragesOf } from './answers.ts';
import type { CallTypes } from './call-types.ts';
import type { Signal } from './calls.ts';
import { RecordingControlError } from './errors.ts';
import { safeName } from './names.ts';
import type { Deleted } from './recordings.ts';
import type { Requests } from './requests.ts';

/** A bucket of your own that recordings are written to. */
export interface ExternalStorage {
  readonly name: string;
  /** `s3`, `gcs`, `abs`, or what Stream adds. */
  readonly type: string;
  readonly bucket: string;
  /** Before each file's name; empty where files lie at the top. */
  readonly path: string;
}

interface NewStorage {
  /** What calls and call types refer to it by. */
  readonly name: string;
  readonly bucket: string;
  readonly path?: string | undefined;
}

export type NewExternalStorage =
  | (NewStorage & {
      readonly type: 's3';
      readonly region: string;
      /** Without keys, Stream takes the IAM role that is set up for the app. */
      readonly keys?: { readonly id: string; readonly secret: string } | undefined;
      /** Of an S3 that is not AWS's; needs keys. */
      readonly endpoint?: string | undefined;
    })
  /** `credentials`: the JSON of a service account. */
  | (NewStorage & { readonly type: 'gcs'; readonly credentials: string })
  | (NewStorage & {
      readonly type: 'abs';
      readonly accountName: string;
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
    });

export interface AssignedStorage {
  readonly state: 'assigned' | 'alreadyAssigned';
  /** The storage that the call type had; undefined for Stream's own. */
  readonly before: string | undefined;
}

export interface UnassignedStorage {
  readonly state: 'unassigned' | 'notAssigned';
  /** The storage that the call type had; undefined for Stream's own. */
  readonly before: string | undefined;
}

/** The name that a call type has Stream's own storage by. */
const NONE = '';

interface Options {
  readonly signal?: Signal;
}

export class ExternalStorages {
  readonly #client: StreamClient;
  readonly #requests: Requests;
  readonly #callTypes: CallTypes;

  constructor(client: StreamClient, requests: Requests, callTypes: CallTypes) {
    this.#client = client;
    this.#requests = requests;
    this.#callTypes = callTypes;
  }

  async list({ signal }: Options = {}): Promise<readonly ExternalStorage[]> {
    const storages = await this.#requests.read({
      endpoint: 'ListExternalStorage',
      action: 'The external storages cannot be listed',
      signal,
      send: () => this.#client.listExternalStorage(),
      parse: externalStoragesOf,
    });
    return Object.values(storages).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async create(storage: NewExternalStorage, { signal }: Options = {}): Promise<ExternalStorage> {
    const { type, bucket, path = '' } = storage;
    const name = safeName('name of the storage', storage.name);
    const isThere = async () => (await this.list({ signal })).some((other) => other.name === name);
    if (await isThere()) throw alreadyThere(name);
    const isOurs = await this.#requests.change({
      endpoint: 'CreateExternalStorage',
      action: `The external storage ${name} cannot be created`,
      signal,
      secrets: secretsOf(storage),
      send: () => this.#client.createExternalStorage(toRequest(storage)),
      look: async () => ({ isDone: await isThere() }),
    });
    if (!isOurs) throw alreadyThere(name);
    return { name, type, bucket, path };
  }

  async check(storage: string, { signal }: Options = {}): Promise<string> {
    const name = safeName('name of the storage', storage);
    return this.#requests.read({
      endpoint: 'CheckExternalStorage',
      action: `The external storage ${name} cannot be written to`,
      signal,
      send: () => this.#client.checkExternalStorage({ name }),
      parse: checkOf,
    });
  }

  async update(storage: NewExternalStorage, { signal }: Options = {}): Promise<ExternalStorage> {
    const { type, bucket, path = '' } = storage;
    const name = safeName('name of the storage', storage.name);
    // Not a change: whether the API has other credentials now is shown to nobody, and the same once more does no harm.
    await this.#requests.read({
      endpoint: 'UpdateExternalStorage',
      action: `The external storage ${name} cannot be changed`,
      signal,
      secrets: secretsOf(storage),
      send: () => this.#client.updateExternalStorage(toRequest(storage)),
      parse: () => undefined,
    });
    return { name, type, bucket, path };
  }

  async delete(storage: string, { signal }: Options = {}): Promise<Deleted> {
    const name = safeName('name of the storage', storage);
    const isOurs = await this.#requests.change({
      endpoint: 'DeleteExternalStorage',
      action: `The external storage ${name} cannot be deleted`,
      signal,
      send: () => this.#client.deleteExternalStorage({ name }),
      look: async () => ({ isDone: !(await this.list({ signal })).some((other) => other.name === name) }),
    });
    return { state: isOurs ? 'deleted' : 'notThere' };
  }

  async assign(callType: string, storage: string, { signal }: Options = {}): Promise<AssignedStorage> {
    const { isChanged, before } = await this.#write(callType, storage, signal);
    return { state: isChanged ? 'assigned' : 'alreadyAssigned', before };
  }

  async unassign(callType: string, { signal }: Options = {}): Promise<UnassignedStorage> {
    const { isChanged, before } = await this.#write(callType, NONE, signal);
    return { state: isChanged ? 'unassigned' : 'notAssigned', before };
  }

  async #write(callType: string, storage: string, signal: Signal) {
    const assigned = async () => (await this.#callTypes.read(callType, signal)).external_storage;
    const before = await assigned();
    const isChanged = before !== storage;
    if (isChanged) {
      await this.#requests.change({
        ...this.#callTypes.updating(callType, { external_storage: storage }),
        signal,
        look: async () => ({ isDone: (await assigned()) === storage }),
      });
    }
    return { isChanged, before: before === NONE ? undefined : before };
  }
}

function alreadyThere(name: string): RecordingControlError {
  return new RecordingControlError(
    'ERR_BAD_REQUEST',
    `There is an external storage named ${printable(name)} already`,
    { hint: 'Take another name, or use the one that is there.' },
  );
}

function toRequest(storage: NewExternalStorage): CreateExternalStorageRequest {
  const { name, bucket, path, type } = storage;
  const common = withoutUndefined({ name, bucket, storage_type: type, path });
  switch (storage.type) {
    case 's3': {
      const { region, keys, endpoint } = storage;
      return {
        ...common,
        aws_s3: withoutUndefined({
          s3_region: region,
          s3_api_key: keys?.id,
          s3_secret: keys?.secret,
          s3_custom_endpoint_url: endpoint,
        }),
      };
    }
    case 'gcs':
      return { ...common, gcs_credentials: storage.credentials };
    case 'abs':
      return {
        ...common,
        azure_blob: {
          abs_account_name: storage.accountName,
          abs_tenant_id: storage.tenantId,
          abs_client_id: storage.clientId,
          abs_client_secret: storage.clientSecret,
        },
      };
  }
}

function secretsOf(storage: NewExternalStorage): readonly string[] {
  switch (storage.type) {
    case 's3':
      return storage.keys === undefined ? [] : [storage.keys.secret];
    case 'gcs':
      return [storage.credentials];
    case 'abs':
      return [storage.clientSecret];
  }
}
