import type { TestAnswer } from './send-test-event.ts';

export interface ExplainedAnswer {
  readonly isTaken: boolean;
  /** One sentence. */
  readonly says: string;
  /** What to do. */
  readonly hints: readonly string[];
}

/** What an answer of rawreel's receiver means for who set it up. */
const BY_CODE: Readonly<Record<string, string>> = {
  'no-key': 'Something on the way takes X-API-KEY out: let a proxy pass headers on as they are.',
  'unknown-key': "The receiver has no secret for this app: add key and secret to its settings ('apps').",
  'no-signature': 'Something on the way takes X-SIGNATURE out: let a proxy pass headers on as they are.',
  'bad-signature':
    'The receiver has another secret for this app, or something on the way changes the body: compare the secret with rawreel auth status.',
  'body-consumed': 'Mount the receiver before express.json().',
  'body-too-slow': 'Something on the way holds the body back.',
  'body-too-large': 'Something on the way makes the body larger.',
  'not-stored': 'The receiver cannot reach its database: its log says why, and /readyz when it can.',
  busy: 'The receiver is busy: try again.',
};

const BY_FAILURE: readonly (readonly [code: RegExp, why: string, hint: string])[] = [
  [/^ENOTFOUND$|^EAI_AGAIN$/, 'its name is not known', 'Make a DNS entry for it, or correct the address.'],
  [
    /^ECONNREFUSED$/,
    'nothing listens there',
    'Start the receiver, or what stands before it, and open the port.',
  ],
  [
    /^ETIMEDOUT$|^UND_ERR_CONNECT_TIMEOUT$|^EHOSTUNREACH$|^ENETUNREACH$/,
    'it cannot be reached',
    'Open it in the firewall: Stream comes from the public internet.',
  ],
  [
    /CERT|SELF_SIGNED|ALTNAME|ISSUER|VERIFY_LEAF/,
    'its certificate is not trusted',
    'Give it one of a public authority, for this name, with the whole chain.',
  ],
  [
    /^ERR_SSL|EPROTO/,
    'it does not speak TLS',
    'https:// needs a proxy or load balancer that ends TLS before the receiver.',
  ],
  [
    /^ECONNRESET$|SOCKET/,
    'it broke the connection off',
    'Look into the log of what stands before the receiver.',
  ],
];

export function explainAnswer(answer: TestAnswer, withinMs: number): ExplainedAnswer {
  const { status, code, tookMs, failure = '' } = answer;
  if (status === undefined) return notAnswered(failure, withinMs);
  const took = `in ${tookMs} ms`;
  if (status === 200 && (code === 'taken' || code === 'repeated'))
    return {
      isTaken: true,
      says: `the receiver has stored the test event (200 ${code}, ${took})`,
      hints: [],
    };
  const says = `answered ${status}${code === undefined ? '' : ` ${code}`} ${took}`;
  return { isTaken: false, says, hints: hintsFor(answer) };
}

function notAnswered(failure: string, withinMs: number): ExplainedAnswer {
  if (failure === 'timeout')
    return {
      isTaken: false,
      says: `no answer within ${withinMs / 1000} s`,
      hints: ['Stream waits 6 s. Is the receiver running, and is its database reachable?'],
    };
  const [, why, hint] = BY_FAILURE.find(([known]) => known.test(failure)) ?? [];
  return {
    isTaken: false,
    says: `${why ?? 'no answer'} (${failure})`,
    hints: hint === undefined ? [] : [hint],
  };
}

function hintsFor({ status = 0, code, message, location }: TestAnswer): readonly string[] {
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known !== undefined) return [known];
  if (status < 300)
    return [
      'That is no answer of the receiver: the address leads to something else. Its path is /webhooks/stream.',
    ];
  if (status < 400)
    return [
      location === undefined
        ? 'It redirects.'
        : `It redirects to ${location}: register the address that answers itself.`,
    ];
  if (status === 404 || status === 405)
    return [
      'There is no receiver at that path: it is /webhooks/stream, unless it is mounted elsewhere or a proxy changes paths.',
    ];
  if (status === 401 || status === 403)
    return [
      'Something before the receiver wants a login or refuses strangers: let POST requests pass there, they are signed.',
    ];
  if (status === 413) return ['Something before the receiver bounds bodies: let 1 MiB pass.'];
  if (status === 429) return ['Something before the receiver limits requests: leave this path out.'];
  if (status >= 500 && code === undefined)
    return ['What stands before the receiver does not reach it: is it running, and is the port right?'];
  return message === undefined ? [] : [message];
}
