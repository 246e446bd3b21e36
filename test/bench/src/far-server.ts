// node far-server.ts <file> <latency ms>: serves one file in ranges, each answer that much later; prints its port.
// GET /sent tells how many bytes of the file were sent since it was last asked.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

const [file = '', latency = '0'] = process.argv.slice(2);
const { size } = statSync(file);
const etag = '"bench"';
let sent = 0;

const server = createServer((request, response) => {
  if (request.url === '/sent') {
    response.end(String(sent));
    sent = 0;
    return;
  }
  setTimeout(() => {
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const end = Math.min(size - 1, range?.[2] ? Number(range[2]) : size - 1);
    response.writeHead(range === null ? 200 : 206, {
      etag,
      'accept-ranges': 'bytes',
      'content-length': end - start + 1,
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    const body = createReadStream(file, { start, end, highWaterMark: 2 ** 18 });
    body.on('data', (chunk) => {
      sent += chunk.length;
    });
    pipeline(body, response, () => undefined);
  }, Number(latency));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
