import { codecOfMime } from '@rawreel/rtp/codec';
import type { TrackKind } from './track-types.ts';

/** What repeats media or is wrapped around it (RFC 4588, RFC 2198, RFC 5109, RFC 8627). */
const REPEATS_MEDIA = /^(rtx|red|.*fec.*)$/i;
/** What goes beside media (RFC 3389, RFC 4733). */
const BESIDE_MEDIA = /^(cn|telephone-event)$/i;

/** In a sentence: a real SDP names two or three. */
const MOST_NAMED = 4;

/** Payload types that mean something without a map (RFC 3551 §6). */
const STATIC_NAMES: ReadonlyMap<string, string> = new Map([
  ['0', 'PCMU'],
  ['3', 'GSM'],
  ['4', 'G723'],
  ['8', 'PCMA'],
  ['9', 'G722'],
  ['13', 'CN'],
  ['18', 'G729'],
  ['26', 'JPEG'],
  ['31', 'H261'],
  ['34', 'H263'],
]);

/** Whether a MIME type, in any letter case, is one that a raw recording's tracks are known to have. */
export const isKnownCodec = (codec: string): boolean => codecOfMime(codec) !== undefined;

/**
 * A MIME type without its parameters (`video/H264;packetization-mode=1`), or what an rtpmap would have behind the name
 * (`opus/48000/2`). A bare name gets its kind: some write `VP8` for `video/VP8`.
 */
export function mimeOf(told: string, kind: TrackKind): string {
  const [first = '', second] = (told.split(';')[0] ?? '').trim().split('/');
  const isKind = /^(audio|video)$/i.test(first.trim());
  if (isKind) return second === undefined ? '' : `${first.trim()}/${second.trim()}`;
  return first.trim() === '' ? '' : `${kind}/${first.trim()}`;
}

/** What an SDP says of the media of one kind. */
interface DescribedMedia {
  /** MIME types in the order of the payload types, of all sections, each once; what goes beside media comes last. */
  readonly codecs: readonly string[];
  /** Redundancy (RFC 2198) is among the payload types. */
  readonly hasRed: boolean;
}

/**
 * What an SDP's audio or video sections name. No more of the SDP is read here than this.
 *
 *     m=audio 9 UDP/TLS/RTP/SAVPF 111 63          RFC 8866 §5.14
 *     a=rtpmap:111 opus/48000/2                   RFC 8866 §6.6
 */
function mediaOf(sdp: string, kind: TrackKind): DescribedMedia {
  const names = sectionsOf(sdp)
    .filter((section) => section.kind === kind)
    .flatMap(({ payloadTypes, maps }) =>
      payloadTypes.flatMap((type) => maps.get(type) ?? STATIC_NAMES.get(type) ?? []),
    );
  const media = names.filter((name) => !REPEATS_MEDIA.test(name));
  const isBeside = (name: string) => BESIDE_MEDIA.test(name);
  const inOrder = [...media.filter((name) => !isBeside(name)), ...media.filter(isBeside)];
  return {
    codecs: [...new Set(inOrder)].map((name) => `${kind}/${name}`),
    hasRed: names.some((name) => name.toLowerCase() === 'red'),
  };
}

interface Section {
  readonly kind: string;
  readonly payloadTypes: readonly string[];
  readonly maps: Map<string, string>;
}

function sectionsOf(sdp: string): Section[] {
  const sections: Section[] = [];
  for (const line of sdp.split(/\r\n|\n|\r/)) {
    if (line.startsWith('m=')) {
      const [media = '', , , ...payloadTypes] = line.slice(2).trim().split(/\s+/);
      sections.push({ kind: media.toLowerCase(), payloadTypes, maps: new Map() });
      continue;
    }
    const [, type, name] = /^a=rtpmap:(\d{1,3})\s+([^/\s]{1,40})\//.exec(line) ?? [];
    const maps = sections.at(-1)?.maps;
    if (type !== undefined && name !== undefined && maps !== undefined && !maps.has(type))
      maps.set(type, name);
  }
  return sections;
}

/** A segment's codec, and what about it does not fit together. */
export interface CodecChoice {
  /** MIME type; empty where nothing names one. */
  readonly codec: string;
  /** What metadata and SDP say against each other, and which of them is followed. */
  readonly contradiction?: string | undefined;
}

/**
 * The codec of a segment of a kind. Metadata and SDP normally agree. Where they do not, the SDP describes what was sent,
 * as far as it speaks of the kind of media that the track is: one of the other kind says nothing about it.
 */
export function chooseCodec(told: string, kind: TrackKind, sdp: string | undefined): CodecChoice {
  const own = mediaOf(sdp ?? '', kind);
  const known = own.codecs.filter(isKnownCodec);
  const isRed = isSame(told, `${kind}/red`);
  const named = isRed ? '' : told;
  const isOurs = isKnownCodec(named) && named.toLowerCase().startsWith(`${kind}/`);
  const described = known[0] ?? own.codecs[0];
  // Of the codecs of a call only Opus is sent as RED for sound.
  const wrapped = kind === 'audio' && (isRed || own.hasRed) ? 'audio/opus' : undefined;
  if (described === undefined) return withoutDescription(named, isOurs, wrapped, sdp, kind);
  if (named === '' || own.codecs.some((codec) => isSame(codec, named)))
    return { codec: named === '' ? described : named };
  const codec = known.length === 0 && isOurs ? named : described;
  return {
    codec,
    contradiction: `its metadata says ${named}, its SDP ${listed(own.codecs)}: taken for ${codec}`,
  };
}

function withoutDescription(
  named: string,
  isOurs: boolean,
  wrapped: string | undefined,
  sdp: string | undefined,
  kind: TrackKind,
): CodecChoice {
  const otherKind = kind === 'audio' ? 'video' : 'audio';
  const others = mediaOf(sdp ?? '', otherKind).codecs;
  const isForeign = named.toLowerCase().startsWith(`${otherKind}/`);
  const codec = isForeign ? (wrapped ?? '') : named === '' ? (wrapped ?? '') : named;
  if (isForeign) return { codec, contradiction: `its metadata says ${named}, which is not ${kind}` };
  if (others.length === 0 || wrapped !== undefined) return { codec };
  const end = isOurs ? `taken for ${named}, and the SDP is not used` : 'the SDP is not used';
  const told = named === '' ? `it is ${kind}` : `its metadata says ${named}`;
  return { codec, contradiction: `${told}, its SDP describes ${listed(others)}: ${end}` };
}

const listed = (codecs: readonly string[]): string => codecs.slice(0, MOST_NAMED).join(', ');

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
