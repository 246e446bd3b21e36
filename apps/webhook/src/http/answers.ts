import type { TakeOutcome } from '@rawreel/jobs';
import type { Request, RequestHandler, Response } from 'express';
import type { ReceivedEvent } from '../receive/event.ts';
import type { Refusal, RefusalCode } from '../receive/refusal.ts';
import { HeldBytes, type HeldShare } from './held-bytes.ts';
import { discardBody } from './read-body.ts';

/** What came of a request. `repeated`: it was there already. `confirmed` and `unsubscribed`: the subscription to an SNS topic. */
export const OUTCOMES = ['taken', 'repeated', 'confirmed', 'unsubscribed'] as const satisfies readonly (
  | TakeOutcome
  | 'confirmed'
  | 'unsubscribed'
)[];
export type Outcome = (typeof OUTCOMES)[number];

/** One answer, as a log or a counter wants it. */
export interface Answer {
  readonly status: 200 | Refusal['status'];
  readonly code: Outcome | RefusalCode;
  /** Why it was refused. */
  readonly message?: string | undefined;
  /** Whose signature was right; what others wrote is in no answer. */
  readonly event?: ReceivedEvent | undefined;
  /** What went wrong on this side, where something was thrown. */
  readonly cause?: unknown;
}

export type OnAnswer = (answer: Answer) => void;

/** A request that is being received. */
export interface Reception {
  readonly request: Request;
  readonly receivedAtMs: number;
  readonly held: HeldShare;
}

/** A handler that sends what `receive` answers; undefined where the sender has gone. */
export function receiving(
  receive: (reception: Reception) => Promise<Answer | undefined>,
  onAnswer: OnAnswer,
): RequestHandler {
  const heldBytes = new HeldBytes();
  return async (request, response) => {
    const receivedAtMs = Date.now();
    const answer = await receive({ request, receivedAtMs, held: heldBytes.share(response) });
    if (answer === undefined) return;
    send(response, answer);
    try {
      onAnswer(answer);
    } catch (error) {
      // The answer is out: a log that fails must not take the connection with it.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  };
}

function send(response: Response, { status, code, message }: Answer): void {
  // What did not arrive in time may never: the connection is of no more use.
  if (code === 'body-too-slow') response.set('Connection', 'close');
  response.status(status).json({ code, message });
  discardBody(response.req);
}

/** For a path that takes nothing but POST. */
export const refuseMethod: RequestHandler = (_request, response) => {
  response
    .status(405)
    .set('Allow', 'POST')
    .json({ code: 'method-not-allowed', message: 'Only POST is taken here' });
};

/**
 * Where nobody listens to answers, node's own warnings tell once of each fault of this side: a receiver that refuses everything must
 * not do so in silence.
 */
export function warnOnce(): OnAnswer {
  const told = new Set<string>();
  return ({ status, code, message = code, cause }) => {
    if (status < 500 || told.has(code)) return;
    told.add(code);
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    process.emitWarning(`${message}${reason}. Further ones are not shown: give onAnswer to see all`, {
      type: 'RawreelWebhookWarning',
      code,
    });
  };
}
