import { type PayloadFormat, parseSessionDescription } from '@rawreel/rtp';
import { check } from '../engine/check.ts';
import { bucket, type Target } from '../engine/target.ts';

const WORDS = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  '\r\na=rtpmap:96 VP8/90000\r\n',
  '\na=fmtp:97 apt=96\n',
  'a=extmap:3/sendonly urn:3gpp:video-orientation',
  '/48000/2',
  ' red/48000',
  'ulpfec',
  '4294967295',
  '127',
  ';=;',
];
/** Of payload types that need no map (RFC 3551 §6). */
const FIXED_NAMES = new Set(['PCMU', 'GSM', 'G723', 'PCMA', 'G722', 'CN', 'G729', 'JPEG', 'H261', 'H263']);
const ROLES = ['media', 'rtx', 'red', 'fec', 'signal'];

/** Any text, and what is read of it is legal and stands in it. */
export const sdpTarget: Target = {
  name: 'sdp',
  words: WORDS.map((word) => Buffer.from(word)),
  run(bytes, observation) {
    const text = Buffer.from(bytes).toString('utf8');
    const { kind, payloadTypes, formats, extensions } = parseSessionDescription(text);
    check(kind === undefined || kind === 'audio' || kind === 'video', () => `kind ${kind}`);
    check(kind !== undefined || payloadTypes.length === 0, 'payload types of no section');
    check(new Set(payloadTypes).size === payloadTypes.length, 'a payload type twice');
    for (const type of payloadTypes) check(isWithin(type, 0, 127), () => `payload type ${type}`);
    for (const [payloadType, format] of formats) checkFormat(text, payloadType, format);
    for (const [id, uri] of extensions) {
      check(isWithin(id, 1, 255), () => `header extension ${id}`);
      check(
        uri !== '' && !/[ \t\r\n]/.test(uri) && text.includes(uri),
        'an extension that the text does not name',
      );
    }
    observation.output(formats.size);
    observation.feature(`kind ${kind}`, bucket(payloadTypes.length));
    observation.feature('formats', bucket(formats.size) * 32 + bucket(extensions.size));
    for (const { role, apt, channels, parameters } of formats.values()) {
      observation.feature(
        role,
        bucket(parameters.size) * 4 + (apt === undefined ? 0 : 2) + Math.min(channels, 2) - 1,
      );
    }
  },
};

function checkFormat(text: string, payloadType: number, format: PayloadFormat): void {
  const { name, clockRate, channels, role, parameters, apt } = format;
  check(
    format.payloadType === payloadType && isWithin(payloadType, 0, 127),
    'a format under another payload type',
  );
  const isNamed = text.includes(name) || FIXED_NAMES.has(name);
  check(name !== '' && isNamed, 'a name that the text does not have');
  check(isWithin(clockRate, 1, 2 ** 32 - 1), () => `clock rate ${clockRate}`);
  check(isWithin(channels, 1, 255), () => `${channels} channels`);
  check(ROLES.includes(role), () => `role ${role}`);
  check(apt === undefined || (role === 'rtx' && isWithin(apt, 0, 127)), 'repeats what it cannot');
  check(parameters.size <= 64, () => `${parameters.size} parameters`);
  for (const [key, value] of parameters) {
    check(key !== '' && key === key.trim() && key === key.toLowerCase(), () => `parameter "${key}"`);
    check(value === value.trim() && text.includes(value), () => `parameter value "${value}"`);
  }
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
