import { ApiError } from '../errors.ts';
import { type QueryCalls, queryCalls } from '../requests/bodies.ts';
import {
  type CallFilter,
  type Condition,
  FILTER_FIELDS,
  type FilterField,
  type Operand,
} from '../requests/call-filter.ts';
import { activeSession, cidOf } from '../state/answers.ts';
import type { Call } from '../state/state.ts';
import { withMembers } from './calls.ts';
import type { Endpoint } from './endpoint.ts';

const PAGE = 25;

type Value = string | number | boolean;

export const queryCallsEndpoint: Endpoint = {
  name: 'QueryCalls',
  method: 'POST',
  path: '/api/v2/video/calls',
  body: queryCalls,
  answer(api, { body }) {
    const { filter_conditions: filter = {}, sort = [], limit: asked, next, prev } = body as QueryCalls;
    const limit = asked || PAGE;
    const from = offsetOf(next ?? prev);
    const found = [...api.state.calls.values()].filter((call) => matches(call, filter as CallFilter));
    // The newest first, unless told.
    const order = sort.length > 0 ? sort : [{ field: 'created_at' as const, direction: -1 }];
    found.sort((a, b) => {
      for (const { field, direction = 1 } of order) {
        const difference = compare(valuesOf(a, field)[0], valuesOf(b, field)[0]);
        if (difference !== 0) return difference * direction;
      }
      return 0;
    });
    return {
      calls: found.slice(from, from + limit).map((call) => withMembers(api, call)),
      ...(from + limit < found.length ? { next: cursorAt(from + limit) } : {}),
      ...(from > 0 ? { prev: cursorAt(Math.max(0, from - limit)) } : {}),
    };
  },
};

function matches(call: Call, { $and = [], $or, ...fields }: CallFilter): boolean {
  return (
    FILTER_FIELDS.every((field) => holds(valuesOf(call, field), field, fields[field])) &&
    $and.every((inner) => matches(call, inner)) &&
    ($or?.some((inner) => matches(call, inner)) ?? true)
  );
}

/** @param values of a field that may have several; none where it has none */
function holds(values: readonly Value[], field: FilterField, condition: Condition): boolean {
  if (condition === undefined) return true;
  if (typeof condition !== 'object') return values.includes(comparable(field, condition));
  return Object.entries(condition).every(([operator, given]) => {
    if (operator === '$exists') return values.length > 0 === given;
    const operands = [given].flat().map((operand) => comparable(field, operand));
    return operands.some((operand) => values.some((value) => compares(operator, compare(value, operand))));
  });
}

function compares(operator: string, difference: number): boolean {
  switch (operator) {
    case '$gt':
      return difference > 0;
    case '$gte':
      return difference >= 0;
    case '$lt':
      return difference < 0;
    case '$lte':
      return difference <= 0;
    default:
      return difference === 0;
  }
}

function valuesOf(call: Call, field: FilterField): readonly Value[] {
  const value = fieldOf(call, field);
  return [value ?? []].flat();
}

function fieldOf(call: Call, field: FilterField): Value | readonly Value[] | undefined {
  switch (field) {
    case 'cid':
      return cidOf(call);
    case 'created_by_user_id':
      return call.createdById;
    case 'created_at':
      return call.createdAt;
    case 'updated_at':
      return call.updatedAt;
    case 'ended_at':
      return call.endedAt;
    case 'starts_at':
      return call.startsAt === undefined ? undefined : Date.parse(call.startsAt);
    case 'ongoing':
      return activeSession(call) !== undefined;
    case 'members':
      return call.memberIds;
    default:
      return call[field];
  }
}

/** Times are compared as such, however they were written. */
const comparable = (field: FilterField, operand: Operand): Value =>
  typeof operand === 'string' && field.endsWith('_at') ? Date.parse(operand) : operand;

/** What has no value comes last. */
function compare(a: Value | undefined, b: Value | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}

const cursorAt = (offset: number) => Buffer.from(`calls:${offset}`).toString('base64url');

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const offset = /^calls:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (offset === undefined)
    throw new ApiError('input', 'QueryCalls failed with error: "the cursor is not valid"');
  return Number(offset);
}
