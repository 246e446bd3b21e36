import { type ListFilter, RECORDING_STATES, type RecordingState } from '@rawreel/jobs';
import { printable } from '@rawreel/text';
import { MAX_ID_LENGTH } from '../receive/limits.ts';
import { MAX_PAGE, USUAL_PAGE } from './limits.ts';

/** A parameter of the list: how it is described, and what it makes of a text; undefined where it makes nothing of it. */
interface Parameter<Value> {
  readonly description: string;
  readonly expected: string;
  readonly schema: object;
  readonly read: (text: string) => Value | undefined;
}

const STATES: ReadonlySet<string> = new Set(RECORDING_STATES);
const isState = (text: string): text is RecordingState => STATES.has(text);

/** RFC 3339: a date alone would be midnight of another zone for half the world. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** All that a list can be asked for. */
export const LIST_PARAMETERS = {
  state: {
    description: 'Recordings in one of these states, with commas between. Default: all',
    expected: `expected some of ${RECORDING_STATES.join(', ')}, with commas between`,
    schema: { type: 'array', minItems: 1, items: { type: 'string', enum: RECORDING_STATES } },
    read(text) {
      const states = text.split(',');
      return states.every(isState) ? states : undefined;
    },
  } satisfies Parameter<readonly RecordingState[]>,
  call: {
    description: 'Recordings of this call, as type:id',
    expected: `expected type:id, at most ${MAX_ID_LENGTH} characters`,
    schema: { type: 'string', pattern: '^[^:]+:.+$', maxLength: MAX_ID_LENGTH },
    read: (text) => (/^[^:]+:.+$/s.test(text) && text.length <= MAX_ID_LENGTH ? text : undefined),
  } satisfies Parameter<string>,
  since: {
    description: 'What was heard of at this time or later',
    expected: 'expected a time such as 2026-11-20T09:30:00Z',
    schema: { type: 'string', format: 'date-time' },
    read(text) {
      const ms = TIME.test(text) ? Date.parse(text) : Number.NaN;
      return Number.isNaN(ms) ? undefined : ms;
    },
  } satisfies Parameter<number>,
  before: {
    description: 'The `next` of the page before',
    expected: 'expected the "next" of the page before',
    schema: { type: 'string', pattern: '^\\d{1,15}$' },
    read: (text) => (/^\d{1,15}$/.test(text) ? text : undefined),
  } satisfies Parameter<string>,
  limit: {
    description: 'Recordings of one page at most',
    expected: `expected a whole number from 1 to ${MAX_PAGE}`,
    schema: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: USUAL_PAGE },
    read(text) {
      const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
      return limit >= 1 && limit <= MAX_PAGE ? limit : undefined;
    },
  } satisfies Parameter<number>,
} as const;

type Name = keyof typeof LIST_PARAMETERS;
type Values = { -readonly [Key in Name]?: NonNullable<ReturnType<(typeof LIST_PARAMETERS)[Key]['read']>> };

/** @returns a text that says what is wrong, where the query cannot be one */
export function readListQuery(query: Readonly<Record<string, unknown>>): ListFilter | string {
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    if (!Object.hasOwn(LIST_PARAMETERS, name)) {
      const known = Object.keys(LIST_PARAMETERS).join(', ');
      return `${printable(name.slice(0, 100))} is no parameter; there are ${known}`;
    }
    const { read, expected } = LIST_PARAMETERS[name as Name];
    const value = typeof text === 'string' ? read(text) : undefined;
    if (value === undefined) return `${name}: ${typeof text === 'string' ? expected : 'is given twice'}`;
    values[name] = value;
  }
  const { state, call, since, before, limit = USUAL_PAGE }: Values = values;
  return { states: state, callCid: call, sinceMs: since, before, limit };
}
