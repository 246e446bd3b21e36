import * as v from 'valibot';
import { UnusableAnswer } from './failures.ts';

/** What is relied on of the API's answers, after the SDK has made dates of times. What else is in them is left out. */
const rawRecording = v.object({ mode: v.string(), audio_only: v.nullish(v.boolean(), false) });

const call = v.object({
  backstage: v.boolean(),
  current_session_id: v.nullish(v.string(), ''),
  session: v.nullish(v.object({ started_at: v.nullish(v.date()), ended_at: v.nullish(v.date()) })),
  egress: v.object({ raw_recording: v.nullish(v.object({ status: v.string() })) }),
  settings: v.object({
    raw_recording: rawRecording,
    encryption: v.nullish(v.object({ mode: v.nullish(v.string()) })),
  }),
});

const callSchema = v.object({ call });

const callsSchema = v.object({
  calls: v.array(v.object({ call: v.object({ type: v.string(), id: v.string() }) })),
  next: v.nullish(v.string(), ''),
});

const recording = v.object({
  filename: v.string(),
  url: v.string(),
  session_id: v.string(),
  start_time: v.date(),
  end_time: v.nullish(v.date()),
  recording_type: v.nullish(v.string()),
});

const recordingsSchema = v.object({ recordings: v.array(v.unknown()) });

const callType = {
  settings: v.object({ raw_recording: rawRecording }),
  grants: v.nullish(v.record(v.string(), v.array(v.string())), {}),
  external_storage: v.nullish(v.string(), ''),
};

const callTypeSchema = v.object(callType);

const callTypesSchema = v.object({ call_types: v.record(v.string(), v.object(callType)) });

const externalStoragesSchema = v.object({
  external_storages: v.record(
    v.string(),
    v.object({ name: v.string(), type: v.string(), bucket: v.string(), path: v.nullish(v.string(), '') }),
  ),
});

const appHooksSchema = v.object({
  app: v.object({
    use_hook_v2: v.nullish(v.boolean(), false),
    webhook_url: v.nullish(v.string(), ''),
    event_hooks: v.nullish(v.array(v.looseObject({ hook_type: v.string() })), []),
  }),
});

const checkSchema = v.object({ file_url: v.string() });

export type CallAnswer = v.InferOutput<typeof callSchema>['call'];
export type RecordingAnswer = v.InferOutput<typeof recording>;

export interface RecordingsAnswer {
  readonly recordings: readonly RecordingAnswer[];
  /** What is wrong with each that is not as relied on: it costs itself, and not the list. */
  readonly unusable: readonly string[];
}
export type CallTypeAnswer = v.InferOutput<typeof callTypeSchema>;

export const callOf = (answer: unknown) => parse(callSchema, answer).call;
export const callsOf = (answer: unknown) => parse(callsSchema, answer);

export function recordingsOf(answer: unknown): RecordingsAnswer {
  const results = parse(recordingsSchema, answer).recordings.map((each) => v.safeParse(recording, each));
  return {
    recordings: results.flatMap(({ success, output }) => (success ? [output] : [])),
    unusable: results.flatMap(({ success, issues }, index) =>
      success ? [] : [`recordings.${index}.${wordsOf(issues[0])}`],
    ),
  };
}

export const callTypeOf = (answer: unknown) => parse(callTypeSchema, answer);
export const callTypesOf = (answer: unknown) => parse(callTypesSchema, answer).call_types;
export const externalStoragesOf = (answer: unknown) =>
  parse(externalStoragesSchema, answer).external_storages;
export function appHooksOf(answer: unknown) {
  const { use_hook_v2, webhook_url, event_hooks } = parse(appHooksSchema, answer).app;
  return { hooks: event_hooks, hasList: use_hook_v2, webhookUrl: webhook_url || undefined };
}

export const checkOf = (answer: unknown) => parse(checkSchema, answer).file_url;

/** @throws {UnusableAnswer} naming the first field that is not as relied on */
function parse<T extends v.GenericSchema>(schema: T, answer: unknown): v.InferOutput<T> {
  const { success, output, issues } = v.safeParse(schema, answer);
  if (success) return output;
  throw new UnusableAnswer(wordsOf(issues[0]));
}

function wordsOf(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? 'answer'}: expected ${issue.expected}, received ${issue.received}`;
}
