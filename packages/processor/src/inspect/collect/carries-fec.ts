import { type PayloadRole, parseRed, parseRtpPacket, type SessionDescription } from '@rawreel/rtp';

/** Roles by payload type: a look into the description for every packet is dear. */
export type PayloadRoles = readonly (PayloadRole | undefined)[];

export const rolesOf = (description: SessionDescription | undefined): PayloadRoles =>
  Array.from({ length: 128 }, (_, payloadType) => description?.formats.get(payloadType)?.role);

/** Whether a packet is forward error correction, by itself or inside RED, as Chromium sends ULPFEC. */
export function carriesFec(bytes: Uint8Array, roles: PayloadRoles): boolean {
  const role = roles[(bytes[1] ?? 0) & 0x7f];
  if (role !== 'red') return role === 'fec';
  const packet = parseRtpPacket(bytes);
  const red = typeof packet === 'string' ? undefined : parseRed(packet.payload);
  return red !== undefined && roles[red.primary.payloadType] === 'fec';
}
