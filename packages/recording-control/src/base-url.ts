import { printable } from '@rawreel/text';
import { RecordingControlError } from './errors.ts';

/** This machine itself, by name or address (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3), as `URL` spells them. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * The address that requests may go to, without a slash at its end: each carries a token that may do everything in the app, so it is
 * `https`, or `http` to this machine.
 *
 * @throws {RecordingControlError} ERR_UNSAFE_BASE_URL, without what in it may be a secret
 */
export function safeBaseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) throw unsafe('it is no URL');
  const { protocol, hostname, username, password, search, hash } = url;
  if (username !== '' || password !== '') throw unsafe('it holds a user name or a password');
  if (search !== '' || hash !== '') throw unsafe(`it has ${search === '' ? 'a fragment' : 'a query'}`);
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))) {
    return url.href.replace(/\/+$/, '');
  }
  throw unsafe(
    `${hostname === '' ? 'it' : printable(url.host)} is not asked over https, so that others can read along`,
  );
}

function unsafe(why: string): RecordingControlError {
  return new RecordingControlError('ERR_UNSAFE_BASE_URL', `The base URL is refused: ${why}`, {
    hint: 'Give it as https://host, or for this machine as http://127.0.0.1:port. Nothing was sent.',
  });
}
