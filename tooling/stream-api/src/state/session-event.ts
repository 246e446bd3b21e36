import type { callResponse } from './answers.ts';

/** What the webhook tells: the SDK's CallSession…Event types, as far as a receiver of recordings looks at them. */
export interface SessionEvent {
  readonly type: `call.session_${'started' | 'ended'}`;
  readonly call_cid: string;
  readonly created_at: string;
  readonly session_id: string;
  readonly call: ReturnType<typeof callResponse>;
}
