import { createVerify, X509Certificate } from 'node:crypto';
import { printable } from '@rawreel/text';
import { type Refusal, refuse } from './refusal.ts';
import { type SnsEnvelope, snsEnvelope } from './sns-envelope.ts';

/**
 * SNS over HTTP, without doing anything: what came, where its certificate lies, whether it is Amazon's.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 *
 * On node's own crypto, because the libraries for it fetch by themselves, without time-out or bound, and keep what they got whatever
 * its status (sns-payload-validator 2.1.0: a page that says 503 is its certificate from then on), or parse the address once for the
 * check and otherwise for the request (sns-validator 0.3.5).
 */

/** Amazon's hosts of SNS, those of China included. */
const HOST = /^sns\.[a-z]{2,}(?:-[a-z]+)+-\d{1,2}\.amazonaws\.com(?:\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem$/;

/** The envelope in the body of a request. */
export function readSnsMessage(body: Uint8Array): SnsEnvelope | Refusal {
  return (
    snsEnvelope(Buffer.from(body).toString()) ??
    refuse(
      'bad-envelope',
      'The body is no message of SNS. A topic that delivers raw sends what is not signed: switch raw message delivery off',
    )
  );
}

/** Where the certificate is to be fetched, if that is a place of Amazon's. */
export function certificateUrl({ SigningCertURL: text }: SnsEnvelope): string | Refusal {
  const url = amazonUrl(text);
  return url !== undefined && CERTIFICATE_PATH.test(url.pathname) && url.search === ''
    ? url.href
    : refuse('bad-certificate', `SigningCertURL is no certificate of Amazon SNS: ${shown(text)}`);
}

/** Where the subscription is to be confirmed, if that is a place of Amazon's and about the topic. Signed, as the Token in it is. */
export function confirmationUrl({ SubscribeURL: text, TopicArn }: SnsEnvelope): string | Refusal {
  const url = amazonUrl(text ?? '');
  return url?.searchParams.get('Action') === 'ConfirmSubscription' &&
    url.searchParams.get('TopicArn') === TopicArn
    ? url.href
    : refuse('bad-envelope', `SubscribeURL confirms no subscription to its topic: ${shown(text ?? '')}`);
}

/** Whether the certificate's key signed the envelope. */
export function verifySnsMessage(envelope: SnsEnvelope, pem: string, nowMs: number): Refusal | undefined {
  const key = publicKeyOf(pem, nowMs);
  if (key === undefined) {
    return refuse(
      'certificate-unusable',
      'What lies at the address of the certificate is none, or not valid now',
    );
  }
  const algorithm = envelope.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  const isSigned = createVerify(algorithm)
    .update(signedText(envelope))
    .verify(key, Buffer.from(envelope.Signature, 'base64'));
  return isSigned ? undefined : refuse('bad-signature', 'The message was not signed by Amazon SNS');
}

/** What the signature is of: each field that is there as two lines, its name and its value. */
export function signedText(envelope: SnsEnvelope): string {
  const fields = envelope.Type === 'Notification' ? FIELDS_OF_NOTIFICATION : FIELDS_OF_CONFIRMATION;
  return fields
    .filter((field) => envelope[field] !== undefined && envelope[field] !== null)
    .map((field) => `${field}\n${envelope[field]}\n`)
    .join('');
}

const FIELDS_OF_NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const FIELDS_OF_CONFIRMATION = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const;

function publicKeyOf(pem: string, nowMs: number) {
  try {
    const { publicKey, validFromDate, validToDate } = new X509Certificate(pem);
    const isValid = validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime();
    return isValid && publicKey.asymmetricKeyType === 'rsa' ? publicKey : undefined;
  } catch {
    return undefined;
  }
}

/** The very URL that is fetched afterwards, so that nobody reads the text otherwise. */
function amazonUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  const isAmazon =
    url?.protocol === 'https:' &&
    HOST.test(url.hostname) &&
    url.port === '' &&
    url.username === '' &&
    url.password === '';
  return isAmazon ? url : undefined;
}

const shown = (text: string): string => printable(text.slice(0, 100));
