import { printable } from '@rawreel/text';
import { RecordingControlError } from './errors.ts';

export interface CallRef {
  readonly type: string;
  readonly id: string;
}

/**
 * A recording of a call by what the API calls it. Every `ListedRecording` is one.
 */
export interface RecordingName {
  readonly session: string;
  readonly filename: string;
}

/**
 * `type:id`, such as `default:standup`.
 *
 * @throws {RecordingControlError} ERR_INVALID_NAME
 */
export function parseCallRef(text: string): CallRef {
  const [, type, id] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (type === undefined || id === undefined) {
    throw new RecordingControlError('ERR_INVALID_NAME', `"${printable(text)}" is no call`, {
      hint: 'Write a call as type:id, such as default:standup.',
    });
  }
  return safeCall({ type, id });
}

export const formatCallRef = ({ type, id }: CallRef): string => `${type}:${id}`;

/** @throws {RecordingControlError} ERR_INVALID_NAME */
export function safeCall({ type, id }: CallRef): CallRef {
  return { type: safeName('call type', type), id: safeName('call id', id) };
}

/**
 * What would change the path that the SDK puts a name into, each with the reason. The SDK encodes nothing, and fills its templates
 * with `String.replace`. Encoding here is no way out: whether the API would decode `%2F` into the name again is not documented, and
 * none of Stream's own ids and file names needs it.
 */
const HAZARDS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^$/, what: 'is empty' },
  { pattern: /[/\\]/, what: 'holds a slash, which would begin another part of the path' },
  { pattern: /[?#]/, what: 'holds ? or #, which would end the path' },
  { pattern: /%/, what: 'holds %, which would be decoded' },
  { pattern: /^\.\.?$/, what: 'is a step through folders, which would be taken' },
  { pattern: /\$[$&`']/, what: 'holds $ with a sign that String.replace expands' },
  { pattern: /[{}]/, what: 'holds a brace, which the SDK would take for a place to fill' },
  {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
    pattern: /[\u0000-\u001f\u007f-\u009f]/,
    what: 'holds a control character, which a URL drops',
  },
  { pattern: /\p{Surrogate}/u, what: 'holds half of a character, which a URL replaces' },
];

/**
 * A name that arrives at the API as it is. What else a name may look like is the API's to say.
 *
 * @throws {RecordingControlError} ERR_INVALID_NAME
 */
export function safeName(what: string, name: string): string {
  // JavaScript has no types to stop `undefined`, which the SDK would send as that word.
  if (typeof name !== 'string') {
    throw new RecordingControlError('ERR_INVALID_NAME', `The ${what} is a ${typeof name}, not a string`);
  }
  const hazard = HAZARDS.find(({ pattern }) => pattern.test(name));
  if (hazard === undefined) return name;
  throw new RecordingControlError(
    'ERR_INVALID_NAME',
    `The ${what} "${printable(name)}" ${hazard.what}: nothing was sent`,
    {
      hint: `Check the ${what}: Stream's own are made of letters, digits, - and _, in file names also dots.`,
    },
  );
}
