import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

export interface Link extends AsyncDisposable {
  readonly address: string;
  /** Bytes of the file that were sent so far. */
  readonly sent: () => number;
}

/** A link to a file that refuses HEAD, as signed ones do; `onSent` is told of every piece as it goes out. */
export async function serveLink(
  path: string,
  onSent: (sent: number) => void = () => undefined,
): Promise<Link> {
  const { size, mtimeMs } = await stat(path);
  const etag = `"${mtimeMs}"`;
  let sent = 0;
  const server = createServer((request, response) => {
    if (request.method !== 'GET') {
      response.writeHead(403).end();
      return;
    }
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from);
    const end = to === '' ? size - 1 : Math.min(size - 1, Number(to));
    response.writeHead(206, {
      etag,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
    });
    const body = createReadStream(path, { start, end, highWaterMark: 16 * 1024 });
    body.on('data', (chunk) => {
      sent += chunk.length;
      onSent(sent);
    });
    // A reader that is killed leaves no file open.
    pipeline(body, response, () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/recordings/call.zip?X-Amz-Expires=60&X-Amz-Signature=5ec7e7`,
    sent: () => sent,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
