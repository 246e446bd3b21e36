import * as v from 'valibot';

// The filter of QueryCalls, as far as the stand-in knows what it filters by: other fields and operators are refused, which the API
// would take. https://getstream.io/video/docs/javascript/guides/querying-calls/

/** A value, or what it is compared with. All comparisons have to hold. */
const condition = <Value extends v.GenericSchema>(value: Value) =>
  v.optional(
    v.union([
      value,
      v.partial(
        v.strictObject({
          $eq: value,
          $in: v.array(value),
          $gt: value,
          $gte: value,
          $lt: value,
          $lte: value,
        }),
      ),
    ]),
  );

const text = condition(v.string());
const time = condition(v.pipe(v.string(), v.isoTimestamp()));

const fields = {
  id: text,
  cid: text,
  type: text,
  created_by_user_id: text,
  created_at: time,
  updated_at: time,
  starts_at: time,
  backstage: condition(v.boolean()),
};
const plainFilter = v.strictObject(fields);

export const callFilter = v.strictObject({
  ...fields,
  $and: v.optional(v.array(plainFilter)),
  $or: v.optional(v.array(plainFilter)),
});
export type CallFilter = v.InferOutput<typeof callFilter>;

export const FILTER_FIELDS = Object.keys(fields) as (keyof typeof fields)[];
