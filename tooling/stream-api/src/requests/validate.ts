import * as v from 'valibot';
import { ApiError } from '../errors.ts';

export type BodySchema = v.GenericSchema;

/** @throws ApiError of code 4 that names the first field that is wrong. */
export function validate<Schema extends BodySchema>(
  operation: string,
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body, { abortEarly: true });
  if (result.success) return result.output;
  throw new ApiError('input', `${operation} failed with error: "${sentence(result.issues[0])}"`);
}

function sentence(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? 'the body';
  if (issue.type === 'check') return issue.message;
  if (issue.type === 'min_value' || issue.type === 'max_value')
    return `${field} must be ${issue.expected}, is ${issue.received}`;
  if (issue.type === 'max_length') return `${field} has ${issue.received}, at most ${issue.expected} may be`;
  if (issue.type === 'regex') return `${field} ${issue.message}`;
  if (issue.expected === 'never') return `${field} is not a known field`;
  if (issue.received === 'undefined') return `${field} is a required field`;
  return `${field} must be ${wanted(issue.expected ?? 'another')}, is ${issue.received}`;
}

/** `("a" | "b")` in words. */
const wanted = (expected: string) =>
  expected.includes(' | ') ? `one of ${expected.replace(/["()]/g, '').replaceAll(' | ', ', ')}` : expected;
