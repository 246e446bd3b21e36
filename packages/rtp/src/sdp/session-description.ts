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

export type MediaKind = 'audio' | 'video';

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
  /** For RED: the payload types of the blocks in it, from its `a=fmtp` (RFC 2198 §5); absent where that names none. */
  readonly blocks?: readonly number[];
}

/** One audio or video section of an SDP (RFC 8866). */
export interface SessionDescription {
  /** Absent where there is no such section. */
  readonly kind?: MediaKind;
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
const MAX_SECTIONS = 64;

interface Rtpmap {
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
}

/** What a payload type means without `a=rtpmap` (RFC 3551 §6): those of telephones and of old cameras. */
const STATIC_FORMATS: ReadonlyMap<number, Rtpmap> = new Map(
  (
    [
      [0, 'PCMU', 8000],
      [3, 'GSM', 8000],
      [4, 'G723', 8000],
      [8, 'PCMA', 8000],
      [9, 'G722', 8000],
      [13, 'CN', 8000],
      [18, 'G729', 8000],
      [26, 'JPEG', 90_000],
      [31, 'H261', 90_000],
      [34, 'H263', 90_000],
    ] as const
  ).map(([payloadType, name, clockRate]) => [payloadType, { name, clockRate, channels: 1 }]),
);

/** A section while its lines are read. */
interface Section {
  readonly kind: MediaKind | undefined;
  readonly payloadTypes: readonly number[];
  readonly rtpmaps: Map<number, Rtpmap>;
  readonly parameters: Map<number, ReadonlyMap<string, string>>;
  readonly extensions: Map<number, string>;
}

/** What is known of the stream that a section is looked for. */
export interface WantedSection {
  /** Either unless given. */
  readonly kind?: MediaKind | undefined;
  /** Encoding name: of several sections of the kind, the first that names it goes before the first. */
  readonly codec?: string | undefined;
}

/**
 * The section of an SDP that describes a stream; one without formats where there is none of its kind. Reads what is there
 * and passes over the rest: never throws, whatever the text.
 */
export function parseSessionDescription(text: string, wanted: WantedSection = {}): SessionDescription {
  const { kind, codec } = wanted;
  const fits = (section: SessionDescription) => kind === undefined || (section.kind ?? kind) === kind;
  const sections = parseMediaSections(text).filter(fits);
  const named = codec?.toLowerCase();
  const naming = ({ formats }: SessionDescription) =>
    [...formats.values()].some(({ name }) => name.toLowerCase() === named);
  return sections.find(naming) ?? sections[0] ?? NO_SECTION;
}

const NO_SECTION: SessionDescription = { payloadTypes: [], formats: new Map(), extensions: new Map() };

/** All audio and video sections, in their order; what stands before all of them holds for each, and alone where there is none. */
export function parseMediaSections(text: string): SessionDescription[] {
  const session = newSection(undefined, []);
  const sections: Section[] = [];
  let current: Section | undefined = session;
  for (const line of text.slice(0, MAX_LENGTH).split(/\r\n|\n|\r/)) {
    if (line.startsWith('m=')) {
      if (sections.length === MAX_SECTIONS) break;
      current = readMediaLine(line.slice(2));
      if (current !== undefined) sections.push(current);
    } else if (current === undefined) {
    } else if (line.startsWith('a=rtpmap:')) {
      readRtpmap(line.slice(9), current.rtpmaps);
    } else if (line.startsWith('a=fmtp:')) {
      readFmtp(line.slice(7), current.parameters);
    } else if (line.startsWith('a=extmap:')) {
      readExtmap(line.slice(9), current.extensions);
    }
  }
  return (sections.length === 0 ? [session] : sections).map((section) => toDescription(section, session));
}

function newSection(kind: MediaKind | undefined, payloadTypes: readonly number[]): Section {
  return { kind, payloadTypes, rtpmaps: new Map(), parameters: new Map(), extensions: new Map() };
}

function toDescription({ kind, payloadTypes, ...own }: Section, session: Section): SessionDescription {
  const parameters = merged(session.parameters, own.parameters);
  const formats = new Map<number, PayloadFormat>();
  for (const [payloadType, rtpmap] of merged(
    merged(session.rtpmaps, own.rtpmaps),
    fixedFormats(payloadTypes),
  )) {
    formats.set(payloadType, toFormat(payloadType, rtpmap, parameters.get(payloadType) ?? new Map()));
  }
  const extensions = merged(session.extensions, own.extensions);
  return { ...(kind === undefined ? {} : { kind }), payloadTypes, formats, extensions };
}

function fixedFormats(payloadTypes: readonly number[]): Map<number, Rtpmap> {
  const formats = new Map<number, Rtpmap>();
  for (const payloadType of payloadTypes) {
    const fixed = STATIC_FORMATS.get(payloadType);
    if (fixed !== undefined) formats.set(payloadType, fixed);
  }
  return formats;
}

/** What is said first holds. */
function merged<Value>(
  first: ReadonlyMap<number, Value>,
  then: ReadonlyMap<number, Value>,
): Map<number, Value> {
  const all = new Map(first);
  for (const [key, value] of then) if (!all.has(key)) all.set(key, value);
  return all;
}

/** `m=<media> <port>[/<ports>] <proto> <fmt> ...` */
function readMediaLine(value: string): Section | undefined {
  const [media, , , ...formats] = words(value);
  const kind = media?.toLowerCase();
  if (kind !== 'audio' && kind !== 'video') return undefined;
  const payloadTypes = new Set<number>();
  for (const format of formats) {
    const payloadType = readInteger(format, 127);
    if (payloadType !== undefined) payloadTypes.add(payloadType);
  }
  return newSection(kind, [...payloadTypes]);
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
  const blocks = role === 'red' ? readBlockTypes(parameters) : undefined;
  const more = { ...(apt === undefined ? {} : { apt }), ...(blocks === undefined ? {} : { blocks }) };
  return { payloadType, ...rtpmap, role, parameters, ...more };
}

/** `111/111`: the primary encoding first, then those of the redundant blocks. */
function readBlockTypes(parameters: ReadonlyMap<string, string>): number[] | undefined {
  const list = [...parameters.keys()].find((key) => /^[0-9]+(\/[0-9]+)*$/.test(key));
  const types = list?.split('/').map((text) => readInteger(text, 127));
  const usable = types?.filter((type) => type !== undefined);
  return usable === undefined || usable.length === 0 ? undefined : [...new Set(usable)];
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
