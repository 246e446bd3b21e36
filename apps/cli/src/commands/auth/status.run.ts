import { jsonText, printable, redactedUrl } from '@rawreel/text';
import type { Context } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { asError, explain } from '../../failure/explain-error.ts';
import { type Found, type FoundCredentials, findCredentials, WHY_IGNORED } from '../../stream/credentials.ts';
import type { authStatus } from './status.ts';

/** What would be sent where, and where each value comes from; never the secret itself. */
export const run: Run<typeof authStatus> = async ({ json, ...access }, context) => {
  const found = await findCredentials(access, context);
  const refused = await refusalOf(found.baseUrl, context);
  if (json) {
    const { apiKey, secret, baseUrl, ignored } = found;
    context.stdout.write(
      jsonText({
        apiKey: apiKey ?? null,
        secret: secret ? { from: secret.from } : null,
        baseUrl: baseUrl ? shownUrl(baseUrl) : null,
        ...(refused && { refused: asError(explain(refused)) }),
        ignored: ignored.map((url) => ({ baseUrl: shownUrl(url), why: WHY_IGNORED })),
      }),
    );
  } else context.stdout.write(`${statusLines(found, refused).join('\n')}\n`);
  return found.apiKey && found.secret && !refused ? EXIT.whole : EXIT.failed;
};

/** Stream's own, which the SDK knows by itself. */
const STREAM = 'Stream';

async function refusalOf(baseUrl: Found | undefined, { packages }: Context): Promise<Error | undefined> {
  if (baseUrl === undefined) return undefined;
  const { safeBaseUrl } = await packages.control();
  try {
    safeBaseUrl(baseUrl.value);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function statusLines(
  { apiKey, secret, baseUrl, ignored }: FoundCredentials,
  refused: Error | undefined,
): string[] {
  return [
    apiKey ? `API key ${printable(apiKey.value)} (${apiKey.from})` : 'No API key',
    secret ? `Secret found (${secret.from})` : apiKey ? 'No secret for this key' : 'No secret',
    baseUrl ? `Server ${shownUrl(baseUrl).value} (${baseUrl.from})` : `Server: ${STREAM}`,
    ...(refused ? explain(refused).hints.map((hint) => `${refused.message}\n  ${hint}`) : []),
    ...ignored.map((url) => `Ignored: server ${shownUrl(url).value} (${url.from}): ${WHY_IGNORED}`),
  ];
}

/** Without what may be secret: nothing of a text that is no address of a server. */
function shownUrl({ value, from }: Found): Found {
  return { value: printable(redactedUrl(value) ?? '(not shown)'), from };
}
