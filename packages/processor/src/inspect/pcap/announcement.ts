import { parseSessionDescription } from '@rawreel/rtp';
import type { PlannedTrack } from '../../plan/plan.ts';
import { dotted, type Endpoint } from './datagram.ts';

/** Where SAP is heard (RFC 2974 §3). */
export const SAP: Endpoint = { address: 0xe0_02_7f_fe, port: 9875 };

/**
 * A SAP packet (RFC 2974 §6) with a description of one track's formats: without it Wireshark knows payload types by number only,
 * and no clock to measure jitter by.
 */
export function announcement(track: PlannedTrack, number: number, from: Endpoint, to: Endpoint): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 0x20;
  header.writeUInt16BE((number + 1) & 0xffff, 2);
  header.writeUInt32BE(from.address >>> 0, 4);
  return Buffer.concat([header, Buffer.from(`application/sdp\0${description(track, number, from, to)}`)]);
}

/** Made anew: the recording's own has addresses, fingerprints and passwords of those who were there. */
function description({ kind, segments }: PlannedTrack, number: number, from: Endpoint, to: Endpoint): string {
  const formats = new Map(
    segments.flatMap(({ sdp, codec }) =>
      sdp === undefined || codec === undefined
        ? []
        : [...parseSessionDescription(sdp, { kind, codec }).formats],
    ),
  );
  const types = [...formats.keys()];
  return [
    'v=0',
    `o=- ${number + 1} 1 IN IP4 ${dotted(from.address)}`,
    's=rawreel',
    't=0 0',
    `m=${kind} ${to.port} RTP/AVP ${types.join(' ') || '96'}`,
    `c=IN IP4 ${dotted(to.address)}`,
    ...[...formats.values()].map(
      ({ payloadType, name, clockRate, channels }) =>
        `a=rtpmap:${payloadType} ${name.replace(/[^\w.-]/g, '')}/${clockRate}${channels > 1 ? `/${channels}` : ''}`,
    ),
    '',
  ].join('\r\n');
}
