import { printable } from '@rawreel/text';
import type { OwnCapability } from '@stream-io/node-sdk';
import type { CallTypes } from './call-types.ts';
import type { Signal } from './calls.ts';
import { RecordingControlError } from './errors.ts';
import type { Requests } from './requests.ts';

/** What Stream knows of that has to do with recordings. */
export const RECORDING_CAPABILITIES = [
  'start-record-call',
  'stop-record-call',
  'start-raw-record-call',
  'stop-raw-record-call',
  'start-individual-record-call',
  'stop-individual-record-call',
  'start-frame-record-call',
  'stop-frame-record-call',
] as const satisfies readonly OwnCapability[];

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
    refuseUnknown(
      capabilities.filter((capability) => !isOfRecordings(capability)),
      [],
    );
    const { grants } = await this.#callTypes.read(callType, signal);
    refuseUnknown(capabilities, Object.values(grants).flat().filter(isOfRecordings));
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

/** @param granted of this call type: the API takes them, whatever its types say */
function refuseUnknown(capabilities: readonly string[], granted: readonly string[]): void {
  const known: readonly string[] = [...RECORDING_CAPABILITIES, ...granted];
  const unknown = capabilities.find((capability) => !known.includes(capability));
  if (unknown === undefined) return;
  throw new RecordingControlError(
    'ERR_BAD_REQUEST',
    `"${printable(unknown)}" is not a recording capability: nothing was changed`,
    { hint: `Use ${RECORDING_CAPABILITIES.join(', ')}.` },
  );
}
