/** What a receiver goes by: formats, their parameters and header extensions. */
const KEPT =
  /^(?:v=|t=|a=(?:rtpmap|fmtp|extmap|rtcp-fb|rtcp-mux|rtcp-rsize|send|recv|inactive|group:BUNDLE|mid)\b)/;

/** An SDP without addresses, fingerprints, passwords, candidates and names. */
export function blankSdp(sdp: string): string {
  const lines = sdp.split(/\r\n|\n|\r/).flatMap((line) => {
    if (KEPT.test(line)) return [line];
    if (line.startsWith('m=')) return [line.replace(/^(m=\S+) \S+/, '$1 9')];
    if (line.startsWith('o=')) return ['o=- 1 1 IN IP4 0.0.0.0'];
    if (line.startsWith('s=')) return ['s=-'];
    return line.startsWith('c=') ? ['c=IN IP4 0.0.0.0'] : [];
  });
  return `${lines.join('\r\n')}\r\n`;
}
