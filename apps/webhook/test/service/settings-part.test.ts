import { startStreamApi } from '@rawreel/stream-api';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import type { Entry } from '../../src/service/log.ts';
import type { ServiceContext } from '../../src/service/part.ts';
import { settingsPart } from '../../src/service/settings-part.ts';

/** What the part tells of a call type that is to be recorded by itself. */
async function started(baseUrl: string, secret: string) {
  const env = { STREAM_API_KEY: 'rawreel-key', STREAM_API_SECRET: secret, STREAM_BASE_URL: baseUrl };
  const config = {
    ...(await readConfig(env, undefined)),
    callTypes: { default: { settings: { mode: 'auto-on', enforce: false } } },
  } as const;
  const told = Promise.withResolvers<Entry>();
  const part = settingsPart({ config, log: told.resolve } as unknown as ServiceContext);
  onTestFinished(() => part.stop({ finishMs: 0 }));
  return { part, entry: await told.promise };
}

test('a call type that is set otherwise is a warning', async () => {
  const api = await startStreamApi();
  onTestFinished(() => api.stop());
  const { entry } = await started(api.url, api.secret);
  expect(entry).toMatchObject({ level: 'warn', fields: { app: 'rawreel-key', callType: 'default' } });
  expect(entry.text).toContain('To set it: rawreel settings set --call-type default --mode auto-on');
});

test('a Stream that cannot be asked is a warning too, and stops neither the start nor the stop', async () => {
  const { part, entry } = await started('http://127.0.0.1:2', 'secret');
  expect(entry).toMatchObject({ level: 'warn' });
  expect(entry.text).toMatch(
    /tried again in 30 s: .* cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)/,
  );
  await part.stop({ finishMs: 0 });
});
