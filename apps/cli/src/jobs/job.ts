/** What is shown of a recording that a service has; times are RFC 3339. Whatever else it answers is left as it is. */
export interface Job {
  readonly id: string;
  readonly call: string;
  readonly state: string;
  readonly since: string;
  readonly attempt: number;
  readonly apiKey?: string | undefined;
  readonly egressId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly filename?: string | undefined;
  readonly worker?: string | undefined;
  readonly beginsAt?: string | undefined;
  readonly endsAt?: string | undefined;
  readonly expiresAt?: string | undefined;
  readonly failure?: { readonly kind: string; readonly message: string } | undefined;
  readonly retryAt?: string | undefined;
  readonly outputs?:
    | { readonly destination: string; readonly files: number; readonly bytes: number }
    | undefined;
}

/** Something that happened to it. */
export interface JobFact {
  readonly kind: string;
  readonly at: string;
  readonly source: { readonly by: string; readonly id?: string | undefined };
  readonly attempt?: number | undefined;
  readonly stage?: string | undefined;
  readonly outcome?: string | undefined;
  readonly cause?: string | undefined;
  readonly message?: string | undefined;
  readonly why?: string | undefined;
  readonly files?: number | undefined;
  readonly bytes?: number | undefined;
}

export interface JobWithHistory extends Job {
  readonly facts: readonly JobFact[];
  readonly holds: readonly { readonly worker: string; readonly why: string; readonly at: string }[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const hasTexts = (value: unknown, names: readonly string[]): value is Record<string, unknown> =>
  isObject(value) && names.every((name) => typeof value[name] === 'string');

/** Whether an answer can be shown: the words in it may still be anything. */
export const isJob = (value: unknown): value is Job => hasTexts(value, ['id', 'call', 'state', 'since']);

export function hasHistory(value: unknown): value is JobWithHistory {
  if (!isJob(value)) return false;
  const { facts, holds } = value as Partial<JobWithHistory>;
  return (
    Array.isArray(facts) &&
    facts.every((fact) => hasTexts(fact, ['kind', 'at']) && hasTexts(fact['source'], ['by'])) &&
    Array.isArray(holds) &&
    holds.every((hold) => hasTexts(hold, ['worker', 'why', 'at']))
  );
}

export interface JobPage {
  readonly recordings: readonly Job[];
  readonly next?: string | undefined;
}

export const isPage = (value: unknown): value is JobPage =>
  isObject(value) && Array.isArray(value['recordings']) && value['recordings'].every(isJob);
