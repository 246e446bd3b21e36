import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

/**
 * A forward proxy in a process of its own: it alone knows where hosts that end in `.test` are. Prints a line for each request.
 * Where it is asked for a password, it says so once for each connection.
 */
const PROXY = `
  import { createServer, request } from 'node:http';
  import { connect } from 'node:net';
  const [plain, secure, password] = process.argv.slice(2);
  const isAllowed = ({ headers }) =>
    !password || headers['proxy-authorization'] === 'Basic ' + Buffer.from(password).toString('base64');
  const server = createServer((incoming, answer) => {
    console.log(incoming.method + ' ' + incoming.url.replace(/[?].*/, ''));
    if (!isAllowed(incoming)) return answer.writeHead(407).end();
    const { pathname, search } = new URL(incoming.url);
    const { method, headers } = incoming;
    const on = request({ port: plain, path: pathname + search, method, headers }, (answered) => {
      answer.writeHead(answered.statusCode, answered.headers);
      answered.pipe(answer);
    });
    incoming.pipe(on);
  });
  server.on('connect', (incoming, socket) => {
    console.log('CONNECT ' + incoming.url);
    if (!isAllowed(incoming)) return socket.end('HTTP/1.1 407 Proxy Authentication Required\\r\\n\\r\\n');
    const target = connect(incoming.url.endsWith(':443') ? secure : plain, () => {
      socket.write('HTTP/1.1 200 OK\\r\\n\\r\\n');
      socket.pipe(target).pipe(socket);
    });
    for (const each of [socket, target]) each.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

let folder = '';
const servers: Server[] = [];
const proxies: ChildProcess[] = [];
let plain = 0;
let secure = 0;
let proxy: Proxy;

interface Proxy {
  readonly url: string;
  /** What has gone through it since it was last asked. */
  seen(): string[];
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    servers.push(server);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

async function startProxy(password = ''): Promise<Proxy> {
  const child = spawn(process.execPath, [join(folder, 'proxy.mjs'), `${plain}`, `${secure}`, password]);
  proxies.push(child);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  while (!text.includes('\n')) await new Promise((resolve) => child.stdout.once('data', resolve));
  const port = text.trim();
  text = '';
  return {
    url: `http://${password === '' ? '' : `${password}@`}127.0.0.1:${port}`,
    seen() {
      const lines = [...new Set(text.split('\n').filter(Boolean))];
      text = '';
      return lines;
    },
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-proxy-'));
  writeFileSync(join(folder, 'proxy.mjs'), PROXY);
  const call = readFileSync(join(import.meta.dirname, '../../../test/samples/chromium-call.zip'));
  const answer: RequestListener = ({ url }, response) => {
    if (url?.includes('hook')) response.setHeader('content-type', 'application/json').end('{"code":"taken"}');
    else response.end(call);
  };
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key ?? '', '-out', cert ?? ''],
      ...[
        '-days',
        '2',
        '-subj',
        '/CN=files.test',
        '-addext',
        'subjectAltName=DNS:files.test,DNS:s3.test,DNS:hooks.test',
      ],
    ],
    { stdio: 'ignore' },
  );
  plain = await listening(createServer(answer));
  secure = await listening(
    createTlsServer({ key: readFileSync(key ?? ''), cert: readFileSync(cert ?? '') }, answer),
  );
  proxy = await startProxy();
});
afterAll(() => {
  for (const child of proxies) child.kill();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program in a process with nothing in its environment but what it needs, and `env`. */
function rawreel(line: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...line.split(' ')], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
        ...env,
      },
    });
    const ended = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.stderr += text;
    });
    child.on('close', (exitCode) => resolve({ exitCode, ...ended }));
  });
}

const users = (address: string) => `list-tracks --format users -q --no-cache --input-s3 ${address}`;
const WANDA = { exitCode: 0, stdout: 'wanda\n', stderr: '' };

describe('requests behind a proxy', () => {
  it.each([
    ['a link', users('https://files.test/call.zip'), 'HTTPS_PROXY', 'CONNECT files.test:443'],
    [
      'a link, by a variable in small letters',
      users('https://files.test/call.zip'),
      'https_proxy',
      'CONNECT files.test:443',
    ],
    [
      'a link, by the proxy for http',
      users('https://files.test/call.zip'),
      'HTTP_PROXY',
      'CONNECT files.test:443',
    ],
    [
      'a link without TLS',
      users('http://files.test/call.zip'),
      'HTTP_PROXY',
      'GET http://files.test/call.zip',
    ],
    [
      'a bucket',
      `${users('s3://calls/call.zip')} --s3-endpoint http://s3.test`,
      'HTTP_PROXY',
      'GET http://s3.test/calls/call.zip',
    ],
    [
      'a bucket with TLS',
      `${users('s3://calls/call.zip')} --s3-endpoint https://s3.test`,
      'HTTPS_PROXY',
      'CONNECT s3.test:443',
    ],
  ])('%s is read through it', async (_, line, variable, seen) => {
    expect(await rawreel(line, { [variable]: proxy.url })).toEqual(WANDA);
    expect(proxy.seen()).toEqual([seen]);
  });

  it('so are requests that are no objects', async () => {
    const env = { HTTPS_PROXY: proxy.url, STREAM_API_KEY: 'key', STREAM_API_SECRET: 'secret' };
    const { exitCode, stdout } = await rawreel('webhook test --url https://hooks.test/hook', env);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('stored the test event')]);
    expect(proxy.seen()).toEqual(['CONNECT hooks.test:443']);
  });

  it('one that wants a password gets that of its address', async () => {
    const locked = await startProxy('me:secret-word');
    expect(await rawreel(users('https://files.test/call.zip'), { HTTPS_PROXY: locked.url })).toEqual(WANDA);
    expect(locked.seen()).toEqual(['CONNECT files.test:443']);
  });

  it.each([
    ['NO_PROXY names the host', users('https://files.test/call.zip'), { NO_PROXY: 'files.test' }],
    ['NO_PROXY names its domain', users('https://files.test/call.zip'), { no_proxy: 'other,.test' }],
    [
      'NO_PROXY names the host of a bucket',
      `${users('s3://calls/call.zip')} --s3-endpoint https://s3.test`,
      { NO_PROXY: 's3.test' },
    ],
  ])('%s · it is not asked', async (_, line, env) => {
    const { exitCode, stderr } = await rawreel(line, { HTTPS_PROXY: proxy.url, ...env });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('its host has no address')]);
    expect(proxy.seen()).toEqual([]);
  });

  it('this machine is reached directly', async () => {
    const line = users(`http://127.0.0.1:${plain}/call.zip`);
    expect(await rawreel(line, { HTTP_PROXY: proxy.url })).toEqual(WANDA);
    expect(proxy.seen()).toEqual([]);
  });

  it('one that is not there is named in the error, without its password', async () => {
    const env = { HTTPS_PROXY: 'http://me:secret-word@127.0.0.1:9' };
    const { exitCode, stderr } = await rawreel(users('https://files.test/call.zip'), env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Requests go through the proxy http://127.0.0.1:9 (HTTPS_PROXY, HTTP_PROXY)');
    expect(stderr).not.toContain('secret-word');
  });

  it('what is no address of a proxy is a usage error, and nothing is asked', async () => {
    const { exitCode, stderr } = await rawreel(users('https://files.test/call.zip'), {
      HTTPS_PROXY: 'proxy:3128',
    });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/"proxy:3128" is no address of a proxy/)]);
  });
});
