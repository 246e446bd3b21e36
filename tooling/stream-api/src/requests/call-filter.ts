import * as v from 'valibot';

// The filter of QueryCalls, as far as the stand-in knows what it filters by: other fields and operators are refused, which the API
// would take. https://getstream.io/video/docs/javascript/guides/querying-calls/

/** A value, or what it is compared with. All comparisons have to hold. */
const condition = <Operators extends v.ObjectEntries>(value: v.GenericSchema, operators: Operators) =>
  v.optional(v.union([value, v.partial(v.strictObject({ ...operators, $exists: v.boolean() }))]));

const comparable = <Value extends v.GenericSchema>(value: Value) =>
  condition(value, { $eq: value, $in: v.array(value), $gt: value, $gte: value, $lt: value, $lte: value });

const text = comparable(v.string());
const time = comparable(v.pipe(v.string(), v.isoTimestamp()));
const flag = condition(v.boolean(), { $eq: v.boolean() });

const fields = {
  id: text,
  cid: text,
  type: text,
  created_by_user_id: text,
  created_at: time,
  updated_at: time,
  starts_at: time,
  ended_at: time,
  team: text,
  backstage: flag,
  ongoing: flag,
  members: condition(v.never(), { $in: v.array(v.string()) }),
};
const plainFilter = v.strictObject(fields);

export const callFilter = v.strictObject({
  ...fields,
  $and: v.optional(v.array(plainFilter)),
  $or: v.optional(v.array(plainFilter)),
});
/** Operands by operator, or the one that it has to be equal to. */
export type Condition = string | boolean | Readonly<Record<string, Operand | readonly Operand[]>> | undefined;
export type Operand = string | boolean;
export type FilterField = keyof typeof fields;
export type CallFilter = Readonly<Partial<Record<FilterField, Condition>>> & {
  readonly $and?: readonly CallFilter[] | undefined;
  readonly $or?: readonly CallFilter[] | undefined;
};

export const FILTER_FIELDS = Object.keys(fields) as FilterField[];
export const SORT_FIELDS = [
  'starts_at',
  'created_at',
  'updated_at',
  'ended_at',
  'type',
  'id',
  'cid',
] as const satisfies readonly FilterField[];
