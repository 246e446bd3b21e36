const KNOWN = new Set(['opus', 'vp8', 'vp9', 'h264', 'av1']);

/** Whether a MIME type, in any letter case, is one that a raw recording's tracks are known to have. */
export function isKnownCodec(codec: string): boolean {
  return /^(audio\/opus|video\/(vp8|vp9|h264|av1))$/i.test(codec);
}

/**
 * The codec that an SDP's first m-line names, as a MIME type: that of its first payload type, or of the first that is
 * media where others (RTX, RED) stand before it. No more of the SDP is read here than this.
 *
 *     m=audio 9 UDP/TLS/RTP/SAVPF 111 63          RFC 8866 §5.14
 *     a=rtpmap:111 opus/48000/2                   RFC 8866 §6.6
 */
export function codecOfSdp(sdp: string): string | undefined {
  const lines = sdp.split(/\r\n|\n|\r/);
  const start = lines.findIndex((line) => line.startsWith('m='));
  if (start < 0) return undefined;
  const [media, , , ...payloadTypes] = (lines[start] ?? '').slice(2).trim().split(/\s+/);
  const names = new Map<string, string>();
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith('m=')) break;
    const map = /^a=rtpmap:(\d{1,3})\s+([^/\s]{1,40})\//.exec(line);
    if (map?.[1] !== undefined && map[2] !== undefined && !names.has(map[1])) names.set(map[1], map[2]);
  }
  const named = payloadTypes.map((type) => names.get(type)).filter((name) => name !== undefined);
  const name = named.find((candidate) => KNOWN.has(candidate.toLowerCase())) ?? named[0];
  if (name === undefined || (media !== 'audio' && media !== 'video')) return undefined;
  return `${media}/${name}`;
}
