import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { proxiesIn, useProxies } from '../src/proxies.ts';

const OWN = 'localhost,127.0.0.1,::1';

describe('what the environment says of proxies', () => {
  test.each([
    [{}, undefined],
    [{ NO_PROXY: 'a.example' }, undefined],
    [{ HTTPS_PROXY: '', http_proxy: '' }, undefined],
    [{ HTTPS_PROXY: 'http://s' }, { httpProxy: '', httpsProxy: 'http://s', noProxy: OWN }],
    [{ HTTP_PROXY: 'http://p' }, { httpProxy: 'http://p', httpsProxy: 'http://p', noProxy: OWN }],
    [
      { HTTP_PROXY: 'http://P', http_proxy: 'http://p', https_proxy: 'http://s', no_proxy: '.b,c:8080' },
      { httpProxy: 'http://p', httpsProxy: 'http://s', noProxy: `${OWN},.b,c:8080` },
    ],
  ])('%j', (env, proxies) => {
    expect(proxiesIn(env)).toEqual(proxies);
  });
});

test.each(['proxy:3128', 'socks5://proxy', 'me:word@proxy'])(
  '%s · is no proxy, and no password is in the error',
  async (httpProxy) => {
    const using = useProxies({ httpProxy, httpsProxy: '', noProxy: '' });
    await expect(using).rejects.toThrow(/is no address of a proxy/);
    await expect(using).rejects.not.toThrow(/word/);
  },
);

test('where nothing is reached · the error names the proxy without its password, as it may be what is not there', () => {
  // In a process of its own, as all requests of this one would go through it.
  const script = `
    import { StorageError } from './src/errors.ts';
    import { useProxies } from './src/proxies.ts';
    await useProxies({ httpProxy: 'http://me:word@p:1', httpsProxy: '', noProxy: '' });
    for (const code of ['ERR_UNREACHABLE', 'ERR_ABORTED']) console.log(new StorageError(code, 'a', { hint: 'b' }).hint);`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
  });
  expect(said).toMatch(/^b\nRequests go through the proxy http:\/\/p:1 .*\nb\n$/);
});
