/** What a payload type is for, as far as following one media stream goes. */
export type PayloadRole =
  | 'media'
  /** Retransmissions (RFC 4588). */
  | 'rtx'
  /** Redundancy around media (RFC 2198). */
  | 'red'
  /** ULPFEC, FlexFEC and the like. */
  | 'fec'
  /** Comfort noise and telephone events. */
  | 'signal';

export interface PayloadFormat {
  readonly payloadType: number;
  /** Encoding name as the SDP spells it; compare without regard to case. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  readonly role: PayloadRole;
  /** `a=fmtp`: keys in lower case, values as they are; a parameter without `=` has an empty value. */
  readonly parameters: ReadonlyMap<string, string>;
  /** For RTX: the payload type that it repeats. */
  readonly apt?: number;
}

/** The first audio or video section of an SDP (RFC 8866). */
export interface SessionDescription {
  /** Absent where there is no such section. */
  readonly kind?: 'audio' | 'video';
  /** In the order of the `m=` line, the sender's preference. */
  readonly payloadTypes: readonly number[];
  /** By payload type, from `a=rtpmap` and `a=fmtp`. */
  readonly formats: ReadonlyMap<number, PayloadFormat>;
  /** Header extension URIs by id (RFC 8285 §8), those of the session level too. */
  readonly extensions: ReadonlyMap<number, string>;
}

/** Real descriptions have a few KiB; what lies beyond is not looked at. */
const MAX_LENGTH = 256 * 1024;
const MAX_PARAMETERS = 64;

interface Rtpmap {
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
}

/** Reads what is there and passes over the rest: never throws, whatever the text. */
export function parseSessionDescription(text: string): SessionDescription {
  const payloadTypes: number[] = [];
  const rtpmaps = new Map<number, Rtpmap>();
  const parameters = new Map<number, ReadonlyMap<string, string>>();
  const extensions = new Map<number, string>();
  let kind: 'audio' | 'video' | undefined;
  let skipping = false;
  for (const line of text.slice(0, MAX_LENGTH).split(/\r\n|\n|\r/)) {
    if (line.startsWith('m=')) {
      if (kind !== undefined) break;
      kind = readMediaLine(line.slice(2), payloadTypes);
      skipping = kind === undefined;
    } else if (skipping) {
    } else if (line.startsWith('a=rtpmap:')) {
      readRtpmap(line.slice(9), rtpmaps);
    } else if (line.startsWith('a=fmtp:')) {
      readFmtp(line.slice(7), parameters);
    } else if (line.startsWith('a=extmap:')) {
      readExtmap(line.slice(9), extensions);
    }
  }
  const formats = new Map<number, PayloadFormat>();
  for (const [payloadType, rtpmap] of rtpmaps) {
    formats.set(payloadType, toFormat(payloadType, rtpmap, parameters.get(payloadType) ?? new Map()));
  }
  return { ...(kind === undefined ? {} : { kind }), payloadTypes, formats, extensions };
}

/** `m=<media> <port>[/<ports>] <proto> <fmt> ...` */
function readMediaLine(value: string, payloadTypes: number[]): 'audio' | 'video' | undefined {
  const [media, , , ...formats] = words(value);
  const kind = media?.toLowerCase();
  if (kind !== 'audio' && kind !== 'video') return undefined;
  const seen = new Set<number>();
  for (const format of formats) {
    const payloadType = readInteger(format, 127);
    if (payloadType === undefined || seen.has(payloadType)) continue;
    seen.add(payloadType);
    payloadTypes.push(payloadType);
  }
  return kind;
}

/** `<payload type> <name>/<clock rate>[/<channels>]` */
function readRtpmap(value: string, into: Map<number, Rtpmap>): void {
  const [type, encoding] = words(value);
  const payloadType = readInteger(type, 127);
  const [name, clock, channels] = (encoding ?? '').split('/');
  const clockRate = readInteger(clock, 0xffffffff);
  if (payloadType === undefined || !name || clockRate === undefined || clockRate === 0) return;
  if (!into.has(payloadType))
    into.set(payloadType, { name, clockRate, channels: readInteger(channels, 255) || 1 });
}

/** `<payload type> <key>=<value>;<key>=<value>` */
function readFmtp(value: string, into: Map<number, ReadonlyMap<string, string>>): void {
  const trimmed = value.trim();
  const gap = trimmed.search(/[ \t]/);
  const payloadType = readInteger(gap < 0 ? trimmed : trimmed.slice(0, gap), 127);
  if (payloadType === undefined || gap < 0) return;
  const parameters = new Map(into.get(payloadType));
  for (const part of trimmed.slice(gap).split(';', MAX_PARAMETERS)) {
    const equals = part.indexOf('=');
    const key = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (key === '' || parameters.has(key) || parameters.size >= MAX_PARAMETERS) continue;
    parameters.set(key, equals < 0 ? '' : part.slice(equals + 1).trim());
  }
  into.set(payloadType, parameters);
}

/** `<id>[/<direction>] <URI> [attributes]` */
function readExtmap(value: string, into: Map<number, string>): void {
  const [first, uri] = words(value);
  const id = readInteger(first?.split('/')[0], 255);
  if (id !== undefined && id > 0 && uri !== undefined && !into.has(id)) into.set(id, uri);
}

function toFormat(
  payloadType: number,
  rtpmap: Rtpmap,
  parameters: ReadonlyMap<string, string>,
): PayloadFormat {
  const role = roleOf(rtpmap.name);
  const apt = role === 'rtx' ? readInteger(parameters.get('apt'), 127) : undefined;
  return { payloadType, ...rtpmap, role, parameters, ...(apt === undefined ? {} : { apt }) };
}

function roleOf(name: string): PayloadRole {
  const lower = name.toLowerCase();
  switch (lower) {
    case 'rtx':
    case 'red':
      return lower;
    case 'cn':
    case 'telephone-event':
      return 'signal';
    default:
      return lower.includes('fec') ? 'fec' : 'media';
  }
}

function words(value: string): string[] {
  return value.split(/[ \t]+/).filter((word) => word !== '');
}

function readInteger(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}
