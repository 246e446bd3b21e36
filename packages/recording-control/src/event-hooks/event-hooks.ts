import { printable } from '@rawreel/text';
import type { EventHook, StreamClient } from '@stream-io/node-sdk';
import { appHooksOf } from '../answers.ts';
import type { Signal } from '../calls.ts';
import { RecordingControlError } from '../errors.ts';
import type { Requests } from '../requests.ts';
import { areSame, type HookPlan, isWritten, planToRegister, planToUnregister, writable } from './plan.ts';
import {
  type HookDestination,
  RECORDING_EVENT_TYPES,
  type StoredHook,
  secretsOfHooks,
} from './stored-hook.ts';
import { lostBy } from './unwritable.ts';

export interface AppHooks {
  readonly hooks: readonly StoredHook[];
  /** False: the app has one webhook, and no list of them. */
  readonly hasList: boolean;
  /** The one webhook of an app without a list. */
  readonly webhookUrl: string | undefined;
}

export interface WriteHooksOptions {
  /** Asked before anything is written; `false` leaves all as it is. Default: yes. */
  readonly agree?: ((plan: HookPlan) => Promise<boolean>) | undefined;
  readonly signal?: Signal;
}

export interface RegisterOptions extends WriteHooksOptions {
  /** Empty: all types, future ones too. Default: `RECORDING_EVENT_TYPES`. */
  readonly eventTypes?: readonly string[] | undefined;
}

export interface HookChange extends HookPlan {
  /** `left`: not agreed to. */
  readonly outcome: 'written' | 'left' | 'unchanged';
}

/** Where Stream sends an app's events. Hooks are written as a whole list: one that is left out is deleted. */
export class EventHooks {
  readonly #client: StreamClient;
  readonly #requests: Requests;

  constructor(client: StreamClient, requests: Requests) {
    this.#client = client;
    this.#requests = requests;
  }

  async read({ signal }: { readonly signal?: Signal } = {}): Promise<AppHooks> {
    return await this.#requests.read({
      endpoint: 'GetApp',
      action: 'The hooks of the app cannot be read',
      signal,
      send: () => this.#client.getApp(),
      parse: appHooksOf,
    });
  }

  async register(
    destination: HookDestination,
    { eventTypes = RECORDING_EVENT_TYPES, ...options }: RegisterOptions = {},
  ): Promise<HookChange> {
    return await this.#write((hooks) => planToRegister(hooks, destination, eventTypes), options);
  }

  async unregister(destination: HookDestination, options: WriteHooksOptions = {}): Promise<HookChange> {
    return await this.#write((hooks) => planToUnregister(hooks, destination), options);
  }

  async #write(
    planFor: (hooks: readonly StoredHook[]) => HookPlan,
    { agree = async () => true, signal }: WriteHooksOptions,
  ): Promise<HookChange> {
    const app = await this.read({ signal });
    if (!app.hasList) throw withoutList(app);
    const plan = planFor(app.hooks);
    if (plan.state === 'unchanged') return { ...plan, outcome: 'unchanged' };
    for (const hook of plan.after) refuseToLose(hook);
    if (!(await agree(plan))) return { ...plan, outcome: 'left' };
    const { hooks: now } = await this.read({ signal });
    if (!areSame(plan.before, now)) throw changedMeanwhile();
    await this.#requests.change({
      endpoint: 'UpdateApp',
      action: 'The hooks of the app cannot be changed',
      signal,
      secrets: secretsOfHooks(plan.after),
      send: (): Promise<unknown> =>
        this.#client.updateApp({ event_hooks: plan.after.map(writable) as EventHook[] }),
      look: async () => ({ isDone: isWritten(plan.after, (await this.read({ signal })).hooks) }),
    });
    const { hooks: after } = await this.read({ signal });
    if (!isWritten(plan.after, after)) throw notAsWritten();
    return { ...plan, after, outcome: 'written' };
  }
}

function withoutList({ webhookUrl }: AppHooks): RecordingControlError {
  const has = webhookUrl === undefined ? 'has no webhook' : 'has one webhook';
  return new RecordingControlError(
    'ERR_HOOKS_UNSURE',
    `This app ${has} in Stream's old way (use_hook_v2 is not true): nothing was changed`,
    {
      hint: "Writing a list of hooks might switch the old webhook off. Set the address in Stream's dashboard, or have the app moved to hooks (v2) there first.",
    },
  );
}

function refuseToLose(hook: StoredHook): void {
  const lost = lostBy(hook);
  if (lost === undefined) return;
  throw new RecordingControlError(
    'ERR_HOOKS_UNSURE',
    `A hook of type ${printable(String(hook['hook_type']))} could not be written back as it is (${lost}): nothing was changed`,
    {
      hint: "All hooks are written at once, and that one would lose its secret. Add the new hook in Stream's dashboard.",
    },
  );
}

const changedMeanwhile = (): RecordingControlError =>
  new RecordingControlError(
    'ERR_HOOKS_CHANGED',
    'Somebody has changed the hooks meanwhile: nothing was written',
    {
      hint: 'Run it again.',
    },
  );

const notAsWritten = (): RecordingControlError =>
  new RecordingControlError('ERR_HOOKS_CHANGED', 'Stream’s hooks are not what was written', {
    hint: "Somebody has changed them at the same time, or Stream has: look at them in Stream's dashboard.",
  });
