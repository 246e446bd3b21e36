import { randomUUID } from 'node:crypto';
import { signatureOf } from '../receive/signature.ts';
import type { StreamApp } from '../work/stream-app.ts';
import type { Check, CheckContext } from './check.ts';

const NAME = 'public URL';
const WITHIN_MS = 10_000;

/** Sends each app's receiver a signed event through the address that Stream uses: one that is stored there, and tells of nothing. */
export async function checkPublicUrl(
  { config: { publicUrl, apps }, signal }: CheckContext,
  isRunning: boolean,
): Promise<readonly Check[]> {
  if (publicUrl === undefined)
    return [
      {
        name: NAME,
        state: 'warn',
        found: 'not set, and so not checked',
        advice:
          'Set publicUrl (RAWREEL_PUBLIC_URL) to the https:// address below which /webhooks/stream leads here.',
      },
    ];
  const base = publicUrl.replace(/\/+$/, '');
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
    });
  const health = await ask('/healthz')
    .then(healthOf)
    .catch((error: Error) => unreachable(error));
  if (health !== 'receiver') return [{ name: NAME, ...judged(health, base, isRunning) }];
  return await Promise.all(
    apps.map(async (app): Promise<Check> => {
      const name = apps.length === 1 ? NAME : `${NAME}, app ${app.apiKey}`;
      try {
        return { name, ...(await answerOf(await ask('/webhooks/stream', signedEvent(app)))) };
      } catch (error) {
        return { name, ...judged(unreachable(error as Error), base, isRunning) };
      }
    }),
  );
}

/** Who answers there. */
type Health = 'receiver' | Fault;

interface Fault {
  /** After the address. */
  readonly what: string;
  /** Whether it is all there is to see of a receiver that is not started yet. */
  readonly mayBeStarted: boolean;
  readonly advice: string;
}

async function healthOf(response: Response): Promise<Health> {
  const { status } = response;
  const body = (await response.json().catch(() => undefined)) as { status?: unknown } | undefined;
  if (status === 200 && body?.status === 'ok') return 'receiver';
  const mayBeStarted = [502, 503, 504].includes(status);
  const location = response.headers.get('location');
  const advice =
    location === null
      ? 'Let the address lead to the port of the receiver, paths and bodies as they are.'
      : 'Stream follows no redirects: give the address that they lead to.';
  return {
    what: `answers ${status}${location === null ? '' : ' (a redirect)'}, which the receiver does not`,
    mayBeStarted,
    advice,
  };
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE = /CERT|ERR_TLS|UNABLE_TO|SIGNED/;

function unreachable({ name, message, cause }: Error): Fault {
  if (name === 'TimeoutError')
    return {
      what: `does not answer within ${WITHIN_MS / 1000} s`,
      mayBeStarted: false,
      advice: 'Check the firewall and the proxy before the receiver.',
    };
  const { code = '', message: words = message } = (cause ?? {}) as NodeJS.ErrnoException;
  if (CERTIFICATE.test(code))
    return {
      what: `has a certificate that is not accepted (${words.split(';')[0]})`,
      mayBeStarted: false,
      advice: 'Have it signed by a known authority for this name: Stream sends to no other.',
    };
  return {
    what: `cannot be reached (${words})`,
    mayBeStarted: code === 'ECONNREFUSED',
    advice:
      'Check its name in DNS, the firewall and the proxy. It may be unreachable from inside your network only.',
  };
}

/** A proxy whose receiver is not started yet is not wrong. */
function judged({ what, mayBeStarted, advice }: Fault, base: string, isRunning: boolean) {
  const found = `${base} ${what}`;
  if (mayBeStarted && !isRunning)
    return { state: 'warn' as const, found, advice: 'Start the receiver, then check again.' };
  return { state: 'fail' as const, found, advice };
}

function signedEvent({ apiKey, secrets: [secret = ''] }: StreamApp): RequestInit {
  const event = { type: 'rawreel.check', created_at: new Date().toISOString(), id: randomUUID() };
  const body = Buffer.from(JSON.stringify(event));
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-api-key': apiKey,
      'x-webhook-id': event.id,
      'x-signature': signatureOf(secret, body),
    },
  };
}

/** What the receiver there says of an event of its own app. */
const ADVICE_OF: Readonly<Record<string, string>> = {
  'bad-signature':
    'The receiver there has another secret for this app, or something changes the body on the way.',
  'unknown-key': 'The receiver there is configured for other apps.',
  'not-stored': 'The receiver there cannot reach its database.',
  'no-signature': 'Something takes the headers away on the way: X-SIGNATURE has to come through.',
  'no-key': 'Something takes the headers away on the way: X-API-KEY has to come through.',
};

async function answerOf(response: Response): Promise<Omit<Check, 'name'>> {
  const body = (await response.json().catch(() => undefined)) as { code?: unknown } | undefined;
  const code = String(body?.code);
  if (response.status === 200 && code === 'taken')
    return { state: 'ok', found: 'a signed event was received and stored' };
  return {
    state: 'fail',
    found: `a signed event is answered ${response.status}${body?.code === undefined ? '' : ` ${code}`}`,
    advice: ADVICE_OF[code] ?? 'Let POST requests below it through to the receiver, bodies as they are.',
  };
}
