import { createHash } from 'node:crypto';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { isAddress } from '@rawreel/storage/address';
import { callTypeOf } from './output-settings.ts';

/** What a template can name of a recording. */
export const PLACEHOLDERS = ['date', 'callType', 'callId', 'startedAt', 'sessionId', 'apiKey'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

export interface NamedRecording {
  readonly apiKey: string;
  readonly callCid: string;
  readonly sessionId?: string | undefined;
  /** When it began, in milliseconds since 1970. */
  readonly startMs: number;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
/** Of one value as a folder's name: file systems take 255 bytes, and a template may put several into one. */
const MAX_NAME_BYTES = 100;

/**
 * What is wrong with a template; undefined where nothing is.
 *
 * A template is folders below the base, such as `{date}/{callType}/{callId}/{startedAt}`.
 */
export function templateProblem(template: string): string | undefined {
  const unknown = [...template.matchAll(PLACEHOLDER)].find(([, name]) => !isPlaceholder(name ?? ''));
  if (unknown)
    return `${unknown[0]} is nothing to name: ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`;
  const plain = template.replace(PLACEHOLDER, 'x');
  if (/[{}]/.test(plain)) return 'a brace is not closed, or not opened';
  if (/[\\:*?"<>|\p{C}]/u.test(plain))
    return 'folders are parted by /, and their names have none of \\ : * ? " < > |';
  if (plain.split('/').some((part) => /^\.{0,2}$/.test(part)))
    return 'it begins or ends with /, has // in it, or a folder . or ..';
  return undefined;
}

/**
 * Where the files of a recording go: below the base, whatever the recording's names are. Two recordings whose values differ
 * have two places.
 *
 * @param base a folder, or `s3://bucket/prefix`
 */
export function destinationFor(base: string, template: string, recording: NamedRecording): string {
  const values = valuesOf(recording);
  const below = template.replace(PLACEHOLDER, (_, name: Placeholder) => fileName(values[name]));
  if (isAddress(base)) return `${base.replace(/\/+$/, '')}/${below}`;
  const folder = resolve(base);
  const place = resolve(folder, below);
  const way = relative(folder, place);
  if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new Error(`the template ${template} leads out of the folder of outputs`);
  return place;
}

const isPlaceholder = (name: string): name is Placeholder =>
  (PLACEHOLDERS as readonly string[]).includes(name);

function valuesOf({ apiKey, callCid, sessionId, startMs }: NamedRecording): Record<Placeholder, string> {
  const time = new Date(startMs).toISOString();
  const callType = callTypeOf(callCid);
  return {
    apiKey,
    date: time.slice(0, 10),
    startedAt: time.replaceAll(':', '-'),
    callType,
    callId: callCid.slice(callType.length + 1),
    sessionId: sessionId ?? 'unknown',
  };
}

/** What some file system, S3's tools or a terminal would take for something else; `%` so that no two values become one name. */
const UNSAFE = /[%/\\:*?"<>|\p{C}\p{Zl}\p{Zp}]|^\.|^-|^ |[. ]$/gu;
/** Names that Windows has for devices, with any extension. */
const DEVICE = /^(?=(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))./i;

/** A value as the name of one file or folder. */
export function fileName(value: string): string {
  const name = value.replace(UNSAFE, encoded).replace(DEVICE, encoded);
  if (name === '') return '%';
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 16);
  let cut = '';
  for (const character of name) {
    if (Buffer.byteLength(cut) + Buffer.byteLength(character) > MAX_NAME_BYTES - digest.length - 1) break;
    cut += character;
  }
  return `${cut}~${digest}`;
}

/** Half a character has no UTF-8: its number stands for it. */
function encoded(text: string): string {
  if (/\p{Cs}/u.test(text)) return `%u${text.charCodeAt(0).toString(16)}`;
  return [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
    .join('');
}
