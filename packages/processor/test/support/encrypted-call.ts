import { writeFile } from 'node:fs/promises';
import { type GeneratedCall, packFiles } from '@rawreel/fixtures';

const RTPDUMP_HEADER_BYTES = 16;
const RECORD_HEADER_BYTES = 8;
const RTP_HEADER_BYTES = 12;

/**
 * The same call, its video encrypted end to end as browsers let applications do it: packets, descriptors and the first
 * bytes of a frame stay readable (here: of each payload), the rest is noise.
 */
export function withVideoEncrypted(call: GeneratedCall, clearBytes: number): GeneratedCall {
  const files = new Map(
    [...call.files].map(([name, bytes]) => [
      name,
      /video[^/]*\.rtpdump$/.test(name) ? encrypted(bytes, clearBytes) : bytes,
    ]),
  );
  return {
    ...call,
    files,
    archive: async (kind, options) => packFiles(files, kind, options),
    writeArchive: (path) => writeFile(path, packFiles(files, 'zip')),
  };
}

/** `#!rtpplay1.0 …\n`, header, then records: length 16, RTP length 16 (0 of RTCP), time 32, packet. */
function encrypted(dump: Uint8Array, clearBytes: number): Uint8Array {
  const bytes = Buffer.from(dump);
  let at = bytes.indexOf('\n') + 1 + RTPDUMP_HEADER_BYTES;
  while (at < bytes.length) {
    const end = at + bytes.readUInt16BE(at);
    const isRtp = bytes.readUInt16BE(at + 2) > 0;
    if (isRtp) scramble(bytes, payloadOf(bytes, at + RECORD_HEADER_BYTES) + clearBytes, end);
    at = end;
  }
  return bytes;
}

/** Behind the CSRCs and the header extension (RFC 3550 §5.1). */
function payloadOf(bytes: Buffer, packet: number): number {
  const flags = bytes.readUInt8(packet);
  const behindSources = packet + RTP_HEADER_BYTES + 4 * (flags & 0x0f);
  return (flags & 0x10) === 0 ? behindSources : behindSources + 4 + 4 * bytes.readUInt16BE(behindSources + 2);
}

function scramble(bytes: Buffer, from: number, to: number): void {
  let key = from;
  for (let at = from; at < to; at++) {
    key = (Math.imul(key, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = (bytes[at] ?? 0) ^ (key >>> 16);
  }
}
