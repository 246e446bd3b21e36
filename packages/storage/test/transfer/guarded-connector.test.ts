import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AddressScope } from '../../src/transfer/address-scope.ts';
import { scopeOf } from '../../src/transfer/address-scope.ts';
import { LedInside, type Network } from '../../src/transfer/guarded-connector.ts';
import { openHttpsReader } from '../../src/transfer/https-reader.ts';

/** The machine's own addresses stand for those of other networks: each has its scope here, and nothing else answers. */
const SCOPES: Record<string, AddressScope> = {
  '127.0.0.1': 'public',
  '127.0.0.2': 'private',
  '127.0.0.3': 'link-local',
  '127.0.0.4': 'loopback',
};

interface Net extends Network {
  /** Names and what they mean now. */
  readonly names: Map<string, string[]>;
  readonly connected: string[];
}

function net(names: Record<string, string[]> = {}): Net {
  const known = new Map(Object.entries(names));
  const connected: string[] = [];
  return {
    names: known,
    connected,
    lookup: (hostname, _, callback) => {
      const addresses = known.get(hostname);
      if (addresses === undefined) callback(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), []);
      else
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
    },
    scopeOf: (address) => SCOPES[address] ?? scopeOf(address),
  };
}

/** Listens on all addresses of this machine; answers with a redirect where the path holds an address. */
async function server(around: Net): Promise<number> {
  const started: Server = createServer((request, response) => {
    around.connected.push(request.socket.localAddress?.replace('::ffff:', '') ?? '');
    const to = decodeURIComponent(request.url?.slice(1) ?? '');
    if (to === '') response.writeHead(200, { connection: 'close' }).end('bytes');
    else response.writeHead(302, { location: to, connection: 'close' }).end();
  });
  await new Promise<void>((resolve) => started.listen(0, '0.0.0.0', resolve));
  onTestFinished(() => void started.close());
  return (started.address() as AddressInfo).port;
}

const whole = { from: 0, to: Number.POSITIVE_INFINITY, signal: new AbortController().signal };

/** What is read at an address, or how it is refused. */
async function read(address: string, around: Net): Promise<string> {
  const reader = await openHttpsReader(new URL(address), 1, around);
  try {
    const { body } = await reader.open(whole);
    let text = '';
    for await (const chunk of body) text += String(chunk);
    return text;
  } catch (error) {
    if (!(error instanceof LedInside)) throw error;
    return error.message;
  } finally {
    await reader.close();
  }
}

const PUBLIC = '127.0.0.1';
const PRIVATE = '127.0.0.2';
const LINK_LOCAL = '127.0.0.3';
const LOOPBACK = '127.0.0.4';

describe('where a redirect may lead', () => {
  test.each([
    [PUBLIC, PUBLIC, true],
    [PUBLIC, PRIVATE, false],
    [PUBLIC, LINK_LOCAL, false],
    [PUBLIC, LOOPBACK, false],
    [PRIVATE, PUBLIC, true],
    [PRIVATE, PRIVATE, true],
    [PRIVATE, LINK_LOCAL, false],
    [PRIVATE, LOOPBACK, false],
    [LOOPBACK, PRIVATE, true],
    [LOOPBACK, LOOPBACK, true],
    [LOOPBACK, LINK_LOCAL, false],
    [LINK_LOCAL, LINK_LOCAL, true],
    [LINK_LOCAL, LOOPBACK, false],
  ])('from %s to %s: %s', async (from, to, isFollowed) => {
    const around = net();
    const port = await server(around);
    const answer = await read(
      `http://${from}:${port}/${encodeURIComponent(`http://${to}:${port}/`)}`,
      around,
    );
    expect(answer).toBe(
      isFollowed ? 'bytes' : `it leads to ${to}, which is inside this machine or its network`,
    );
    expect(around.connected).toEqual(isFollowed ? [from, to] : [from]);
  });

  test('judged by what a name means, and said', async () => {
    const around = net({ 'near.example': [LOOPBACK] });
    const port = await server(around);
    const to = encodeURIComponent(`http://near.example:${port}/`);
    expect(await read(`http://${PUBLIC}:${port}/${to}`, around)).toMatch(/127\.0\.0\.4 \(near\.example\)/);
    expect(around.connected).toEqual([PUBLIC]);
  });

  test.each([
    '[::1]',
    '[::ffff:7f00:1]',
    '2130706433',
    '0x7f.1',
    '0',
    '[::]',
    '[fe80::1]',
    '169.254.169.254',
  ])('in whatever way %s is written', async (host) => {
    const around = net();
    const port = await server(around);
    // The one address that is taken for public here is the one that these must not be taken for.
    const strict: Net = {
      ...around,
      scopeOf: (address) => (address === PRIVATE ? 'public' : scopeOf(address)),
    };
    const to = encodeURIComponent(`http://${host}:${port}/`);
    expect(await read(`http://${PRIVATE}:${port}/${to}`, strict)).toMatch(/^it leads to/);
    expect(around.connected).toEqual([PRIVATE]);
  });

  test('of several addresses of a name those that may be reached are used', async () => {
    const around = net({ 'mixed.example': [LOOPBACK, PUBLIC] });
    const port = await server(around);
    const to = encodeURIComponent(`http://mixed.example:${port}/`);
    expect(await read(`http://${PUBLIC}:${port}/${to}`, around)).toBe('bytes');
    expect(around.connected).toEqual([PUBLIC, PUBLIC]);
  });
});

describe('the address that was asked for', () => {
  test.each([PUBLIC, PRIVATE, LINK_LOCAL, LOOPBACK])('may be %s', async (address) => {
    const around = net({ 'named.example': [address] });
    const port = await server(around);
    expect(await read(`http://${address}:${port}/`, around)).toBe('bytes');
    // Instance metadata is reached by its address only.
    if (address === LINK_LOCAL) {
      expect(await read(`http://named.example:${port}/`, around)).toMatch(/^it leads to 127\.0\.0\.3/);
    } else expect(await read(`http://named.example:${port}/`, around)).toBe('bytes');
  });

  test('means the same network to the end, whatever its name means later', async () => {
    const around = net({ 'rebound.example': [PUBLIC] });
    const port = await server(around);
    const reader = await openHttpsReader(new URL(`http://rebound.example:${port}/`), 1, around);
    (await reader.open(whole)).body.resume();
    around.names.set('rebound.example', [LOOPBACK]);
    await expect(reader.open(whole)).rejects.toThrow(LedInside);
    await reader.close();
    expect(around.connected).toEqual([PUBLIC]);
  });
});
