import { printable } from '@rawreel/text';
import type { CallTypes } from './call-types.ts';
import type { Signal } from './calls.ts';
import { RecordingControlError } from './errors.ts';
import type { Requests } from './requests.ts';

/** What of recordings each role may do, by role; a role that may do nothing of it has an empty list. */
export type RecordingGrants = Readonly<Record<string, readonly string[]>>;

export interface GrantsChange {
  readonly state: 'changed' | 'unchanged';
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface Options {
  readonly signal?: Signal;
}

export class Grants {
  readonly #requests: Requests;
  readonly #callTypes: CallTypes;

  constructor(requests: Requests, callTypes: CallTypes) {
    this.#requests = requests;
    this.#callTypes = callTypes;
  }

  async get(callType: string, { signal }: Options = {}): Promise<RecordingGrants> {
    const { grants } = await this.#callTypes.read(callType, signal);
    return Object.fromEntries(
      Object.entries(grants).map(([role, capabilities]) => [role, capabilities.filter(isOfRecordings)]),
    );
  }

  async set(
    callType: string,
    role: string,
    capabilities: readonly string[],
    { signal }: Options = {},
  ): Promise<GrantsChange> {
    refuseOthers(capabilities);
    const { grants } = await this.#callTypes.read(callType, signal);
    const own = grants[role] ?? [];
    const before = own.filter(isOfRecordings);
    const after = [...new Set(capabilities)];
    if (hasSame(before, after)) return { state: 'unchanged', before, after: before };
    await this.#requests.change({
      // All of them: whether the API keeps a role that is left out is not documented.
      ...this.#callTypes.updating(callType, {
        grants: { ...grants, [role]: [...own.filter((capability) => !isOfRecordings(capability)), ...after] },
      }),
      signal,
      look: async () => ({ isDone: hasSame((await this.get(callType, { signal }))[role] ?? [], after) }),
    });
    return { state: 'changed', before, after };
  }
}

const isOfRecordings = (capability: string) => /record/i.test(capability);

const hasSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((capability) => b.includes(capability));

function refuseOthers(capabilities: readonly string[]): void {
  const other = capabilities.find((capability) => !isOfRecordings(capability));
  if (other === undefined) return;
  throw new RecordingControlError('ERR_BAD_REQUEST', `"${printable(other)}" is no capability of recordings`, {
    hint: 'Such are start-raw-record-call and stop-raw-record-call.',
  });
}
