import { proxyHint } from '@rawreel/storage/proxies';
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
  'no-key': 'A proxy removes the header X-API-KEY: configure it to pass headers unchanged.',
  'unknown-key': "The receiver has no secret for this app: add key and secret to its settings ('apps').",
  'no-signature': 'A proxy removes the header X-SIGNATURE: configure it to pass headers unchanged.',
  'bad-signature':
    'The receiver has another secret for this app, or a proxy changes the body: compare the secret with rawreel auth status.',
  'body-consumed': 'Mount the receiver before express.json().',
  'body-too-slow': 'A proxy holds the body back.',
  'body-too-large': 'A proxy makes the body larger.',
  'not-stored': 'The receiver cannot reach its database: see its log; /readyz shows when it can.',
  busy: 'The receiver is busy: try again.',
};

const BY_FAILURE: readonly (readonly [code: RegExp, why: string, hint: string])[] = [
  [/^ENOTFOUND$|^EAI_AGAIN$/, 'host name not found', 'Create a DNS entry, or correct the address.'],
  [/^ECONNREFUSED$/, 'connection refused', 'Start the receiver, or the proxy before it, and open the port.'],
  [
    /^ETIMEDOUT$|^UND_ERR_CONNECT_TIMEOUT$|^EHOSTUNREACH$|^ENETUNREACH$/,
    'cannot be reached',
    'Open it in the firewall: Stream comes from the public internet.',
  ],
  [
    /CERT|SELF_SIGNED|ALTNAME|ISSUER|VERIFY_LEAF/,
    'certificate not trusted',
    'Use a certificate of a public authority, for this name, with the whole chain.',
  ],
  [/^ERR_SSL|EPROTO/, 'no TLS', 'https:// needs a proxy or load balancer that ends TLS before the receiver.'],
  [/^ECONNRESET$|SOCKET/, 'connection closed', 'Check the log of the proxy before the receiver.'],
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
    hints: [hint ?? '', proxyHint()].filter(Boolean),
  };
}

function hintsFor({ status = 0, code, message, location }: TestAnswer): readonly string[] {
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known !== undefined) return [known];
  if (status < 300)
    return [
      'The answer is not from the receiver: the address leads to something else. The path is /webhooks/stream.',
    ];
  if (status < 400)
    return [
      location === undefined
        ? 'It redirects.'
        : `It redirects to ${location}: register the address that answers itself.`,
    ];
  if (status === 404 || status === 405)
    return [
      'No receiver at that path. It is /webhooks/stream, unless the receiver is mounted elsewhere or a proxy changes paths.',
    ];
  if (status === 401 || status === 403)
    return [
      'A proxy before the receiver requires a login: let POST requests to this path pass, they are signed.',
    ];
  if (status === 413) return ['A proxy before the receiver limits the size of bodies: allow 1 MiB.'];
  if (status === 429) return ['A proxy before the receiver limits the request rate: exempt this path.'];
  if (status >= 500 && code === undefined)
    return ['The proxy before the receiver does not reach it: check that it runs, and the port.'];
  return message === undefined ? [] : [message];
}
