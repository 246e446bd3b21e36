import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const SCRIPT = `
import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  if (!specifier.startsWith('@aws-sdk/')) return next(specifier, context);
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
} });
const storage = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)});
const tries = {
  openRemoteObject: () => storage.openRemoteObject('s3://bucket/call.zip', { cacheFolder: process.cwd() + '/none' }),
  listObjects: () => storage.listObjects('s3://bucket').next(),
  uploadFile: () => storage.uploadFile(process.execPath, 's3://bucket/node'),
  downloadSmall: () => storage.downloadSmall('s3://bucket/manifest.json', { maxBytes: 1 }),
  removeObject: () => storage.removeObject('s3://bucket/manifest.json'),
  signedLinks: () => storage.signedLinks(['s3://bucket/call.zip'], { seconds: 1 }),
};
for (const [name, run] of Object.entries(tries))
  console.log(name, await run().then(() => 'done', ({ name, code, hint }) => [name, code, hint].join(' ')));
`;

test('without the AWS SDK, whatever opens a bucket says how to install it', () => {
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], { encoding: 'utf8' });
  const words =
    'StorageError ERR_NO_AWS_SDK Install it: npm install @aws-sdk/client-s3 @aws-sdk/lib-storage @aws-sdk/s3-request-presigner';
  expect(said.trim().split('\n')).toEqual(
    ['openRemoteObject', 'listObjects', 'uploadFile', 'downloadSmall', 'removeObject', 'signedLinks'].map(
      (name) => `${name} ${words}`,
    ),
  );
});
