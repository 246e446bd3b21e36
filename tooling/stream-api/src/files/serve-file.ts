import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * The file, or the range of it that is asked for, as S3 answers: one range at a time, `If-Match` and `If-None-Match` looked at.
 * RFC 9110, sections 13 and 14.
 */
export async function serveFile(
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { size, mtime } = await stat(file);
  const etag = `"${size.toString(16)}-${mtime.getTime().toString(16)}"`;
  const common = { 'accept-ranges': 'bytes', etag, 'last-modified': mtime.toUTCString() };
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch, range } = request.headers;
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etag)
    return refuse(
      response,
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
    );
  if (ifNoneMatch === etag) {
    response.writeHead(304, common).end();
    return;
  }
  const wanted = rangeOf(range, size);
  if (wanted === undefined) {
    const unsatisfied = { 'content-range': `bytes */${size}` };
    return refuse(response, 416, 'InvalidRange', 'The requested range is not satisfiable', unsatisfied);
  }
  const { start, end, partial } = wanted;
  response.writeHead(partial ? 206 : 200, {
    ...common,
    'content-type': 'binary/octet-stream',
    'content-length': end - start + 1,
    ...(partial ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  });
  // A client that has what it wanted hangs up: no failure of ours.
  await pipeline(createReadStream(file, { start, end }), response).catch(() => {});
}

/** An error as S3 and CloudFront write it. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}

/** First and last byte; undefined where the range lies behind the end. What is no range of bytes is ignored, as RFC 9110 has it. */
function rangeOf(header: string | undefined, size: number) {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return { start: 0, end: size - 1, partial: false };
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start > end ? undefined : { start, end, partial: true };
}
