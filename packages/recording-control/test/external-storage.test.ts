import { describe, expect, test } from 'vitest';
import type { NewExternalStorage } from '../src/index.ts';
import { recordOnce, standIn } from './builders/stand-in.ts';

const GCS: NewExternalStorage = { type: 'gcs', name: 'google', bucket: 'calls', credentials: '{"a":1}' };

describe('a storage is created', () => {
  test.each<readonly [NewExternalStorage, object]>([
    [
      {
        type: 's3',
        name: 'amazon',
        bucket: 'calls',
        path: 'raw/',
        region: 'eu-west-1',
        keys: { id: 'AKIA', secret: 'shh' },
        endpoint: 'https://s3.example.com',
      },
      {
        name: 'amazon',
        bucket: 'calls',
        storage_type: 's3',
        path: 'raw/',
        aws_s3: {
          s3_region: 'eu-west-1',
          s3_api_key: 'AKIA',
          s3_secret: 'shh',
          s3_custom_endpoint_url: 'https://s3.example.com',
        },
      },
    ],
    [
      { type: 's3', name: 'by-role', bucket: 'calls', region: 'eu-west-1' },
      { name: 'by-role', bucket: 'calls', storage_type: 's3', aws_s3: { s3_region: 'eu-west-1' } },
    ],
    [GCS, { name: 'google', bucket: 'calls', storage_type: 'gcs', gcs_credentials: '{"a":1}' }],
    [
      {
        type: 'abs',
        name: 'azure',
        bucket: 'calls',
        accountName: 'account',
        tenantId: 'tenant',
        clientId: 'client',
        clientSecret: 'shh',
      },
      {
        name: 'azure',
        bucket: 'calls',
        storage_type: 'abs',
        azure_blob: {
          abs_account_name: 'account',
          abs_tenant_id: 'tenant',
          abs_client_id: 'client',
          abs_client_secret: 'shh',
        },
      },
    ],
  ])('%o', async (storage, body) => {
    const { control, sent } = await standIn();
    const { type, name, bucket, path = '' } = storage;
    expect(await control.externalStorage.create(storage)).toEqual({ type, name, bucket, path });
    expect(sent('CreateExternalStorage').map((request) => request.body)).toEqual([body]);
    expect(await control.externalStorage.list()).toEqual([{ type, name, bucket, path }]);
  });

  test('not over one of the same name, whose credentials nobody can compare', async () => {
    const { control, sent } = await standIn();
    await control.externalStorage.create(GCS);
    await expect(control.externalStorage.create({ ...GCS, credentials: '{"b":2}' })).rejects.toMatchObject({
      code: 'ERR_BAD_REQUEST',
      message: 'There is an external storage named google already',
    });
    expect(sent('CreateExternalStorage')).toHaveLength(1);
  });

  test('once, also when the answer is lost', async () => {
    const { api, control, sent } = await standIn();
    api.fault({ operation: 'CreateExternalStorage', fault: { kind: 'badGateway', effect: 'done' } });
    expect(await control.externalStorage.create(GCS)).toMatchObject({ name: 'google' });
    expect(sent('CreateExternalStorage')).toHaveLength(1);
  });
});

test('storages are listed by name', async () => {
  const { control } = await standIn();
  for (const name of ['b', 'a']) await control.externalStorage.create({ ...GCS, name });
  expect((await control.externalStorage.list()).map(({ name }) => name)).toEqual(['a', 'b']);
});

test('a check tells the file that Stream has written', async () => {
  const { control } = await standIn();
  await control.externalStorage.create(GCS);
  expect(await control.externalStorage.check('google')).toMatch(/^http.*calls/);
  await expect(control.externalStorage.check('other')).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' });
});

test('a call type’s recordings go to the storage that is assigned to it', async () => {
  const standing = await standIn();
  const { api, control, sent } = standing;
  for (const name of ['ours', 'theirs']) await control.externalStorage.create({ ...GCS, name });
  expect(await control.externalStorage.assign('default', 'ours')).toEqual({
    state: 'assigned',
    before: undefined,
  });
  expect(await control.externalStorage.assign('default', 'ours')).toEqual({
    state: 'alreadyAssigned',
    before: 'ours',
  });
  expect(await control.externalStorage.assign('default', 'theirs')).toEqual({
    state: 'assigned',
    before: 'ours',
  });
  expect(sent('UpdateCallType').map(({ body }) => body)).toEqual([
    { external_storage: 'ours' },
    { external_storage: 'theirs' },
  ]);
  await recordOnce(standing);
  expect(api.state.calls.get('default:standup')?.recordings).toMatchObject([{ externalStorage: 'theirs' }]);
});

test('a storage that is not there is refused by the API, and the call type keeps its own', async () => {
  const { api, control } = await standIn();
  await expect(control.externalStorage.assign('default', 'nothing')).rejects.toMatchObject({
    code: 'ERR_BAD_REQUEST',
  });
  expect(api.state.callTypes.get('default')?.externalStorage).toBeUndefined();
});

describe('a storage that is there', () => {
  const seed = () =>
    standIn({
      api: {
        seed: {
          calls: [],
          externalStorages: [{ name: 'ours', bucket: 'b', storage_type: 'gcs', gcs_credentials: '{}' }],
        },
      },
    });
  const NEW = { name: 'ours', type: 's3', bucket: 'c', path: 'raw/', region: 'eu-west-1' } as const;

  test('is replaced whole, and once more where it is not known whether it was', async () => {
    const { api, control, sent } = await seed();
    api.fault({ operation: 'UpdateExternalStorage', fault: { kind: 'reset', effect: 'done' } });
    expect(await control.externalStorage.update(NEW)).toMatchObject({ bucket: 'c', path: 'raw/' });
    expect(sent('UpdateExternalStorage')).toHaveLength(2);
    expect(await control.externalStorage.list()).toEqual([
      { name: 'ours', type: 's3', bucket: 'c', path: 'raw/' },
    ]);
    await expect(control.externalStorage.update({ ...NEW, name: 'nowhere' })).rejects.toMatchObject({
      code: 'ERR_NOT_FOUND',
    });
  });

  test('is deleted; one that is not there is a state', async () => {
    const { api, control } = await seed();
    api.fault({ operation: 'DeleteExternalStorage', fault: { kind: 'badGateway', effect: 'done' } });
    expect(await control.externalStorage.delete('ours')).toEqual({ state: 'deleted' });
    expect(await control.externalStorage.delete('ours')).toEqual({ state: 'notThere' });
  });

  test('is taken off a call type, and cannot be deleted before', async () => {
    const { api, control, sent } = await seed();
    await control.externalStorage.assign('default', 'ours');
    await expect(control.externalStorage.delete('ours')).rejects.toMatchObject({
      code: 'ERR_BAD_REQUEST',
      message: expect.stringContaining('used by call type default'),
    });
    expect(await control.externalStorage.unassign('default')).toEqual({
      state: 'unassigned',
      before: 'ours',
    });
    expect(api.state.callTypes.get('default')?.externalStorage).toBeUndefined();
    expect(await control.externalStorage.unassign('default')).toEqual({ state: 'notAssigned' });
    expect(sent('UpdateCallType')).toHaveLength(2);
    expect(await control.externalStorage.delete('ours')).toEqual({ state: 'deleted' });
  });
});
