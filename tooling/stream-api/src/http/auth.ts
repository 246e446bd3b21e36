import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../errors.ts';

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
}

/** What is looked at, of the header and the payload. */
interface Claims {
  readonly alg?: unknown;
  readonly exp?: unknown;
  readonly nbf?: unknown;
  readonly iat?: unknown;
  readonly server?: unknown;
}

/**
 * Passes a server-side token: HS256 with the secret, `server: true`. Checked here and not by the library that the SDK signs with,
 * so that the two do not share a mistake. RFC 7519, RFC 7515.
 *
 * @throws ApiError of codes 2, 5, 17, 40, 41, 42 and 43.
 */
export function authenticate(
  { apiKey, secret }: Credentials,
  sent: { query: URLSearchParams; headers: IncomingHttpHeaders },
  now: number,
): void {
  const key = sent.query.get('api_key');
  if (key === null || key === '') throw new ApiError('accessKey', 'api_key not provided');
  if (key !== apiKey) throw new ApiError('accessKey', 'api_key not valid');
  const authType = sent.headers['stream-auth-type'];
  if (authType !== 'jwt')
    throw new ApiError('authentication', 'stream-auth-type missing or invalid: should be jwt');
  const token = sent.headers.authorization;
  if (token === undefined) throw new ApiError('authentication', 'Authorization header is missing');
  const claims = verifiedClaims(token, secret);
  const seconds = now / 1000;
  if (typeof claims.exp === 'number' && claims.exp <= seconds)
    throw new ApiError('tokenExpired', 'Token is expired');
  if (typeof claims.nbf === 'number' && claims.nbf > seconds)
    throw new ApiError('tokenNotValidYet', 'Token is not valid yet');
  if (typeof claims.iat === 'number' && claims.iat > seconds)
    throw new ApiError('tokenUsedBeforeIssued', 'Token used before issued at (iat)');
  // What a user may do hangs on grants and roles, which the stand-in keeps but does not play through.
  if (claims.server !== true)
    throw new ApiError(
      'notAllowed',
      'the stand-in takes server-side tokens only: sign with { server: true }',
    );
}

function verifiedClaims(token: string, secret: string): Claims {
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0)
    throw new ApiError('authentication', 'Token is malformed: three parts, separated by dots');
  // "none" and the like: the algorithm is never the token's to choose.
  if (parsePart(header).alg !== 'HS256') throw new ApiError('authentication', 'Token algorithm is not HS256');
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new ApiError('tokenSignature', 'Token signature is invalid');
  return parsePart(payload);
}

function parsePart(part: string): Claims {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Not JSON: refused below like JSON of another kind.
  }
  throw new ApiError('authentication', 'Token is malformed: its parts are not JSON objects');
}
