import { jsonText, printable } from '@rawreel/text';
import type { Context } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError, UsageError } from '../../failure/errors.ts';
import type { StreamAccess } from '../../options/stream-access.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import { credentialsFor } from '../../stream/credentials.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { explainAnswer } from '../../webhook/explain-answer.ts';
import { sendTestEvent } from '../../webhook/send-test-event.ts';
import type { webhookTest } from './test.ts';

/** As Stream itself waits. */
const WITHIN_MS = 6000;

export const run: Run<typeof webhookTest> = async (options, context) => {
  const { apiKey, secret } = await credentialsFor(options, context);
  const url = options.url ?? (await registeredUrl(options, context));
  const { requestTimeout: withinMs = WITHIN_MS } = options;
  const answer = await sendTestEvent(url, { apiKey, secret, withinMs, signal: context.signal });
  const { isTaken, says, hints } = explainAnswer(answer, withinMs);
  const { stdout, stderr, env } = context;
  if (options.json) stdout.write(jsonText({ url, ...answer, isTaken, says, hints }));
  else if (isTaken) stdout.write(`${printable(url)}: ${says}\n`);
  else {
    const { red } = coloursFor(stderr, env);
    const lines = [
      `${red('rawreel:')} ${printable(`${url}: ${says}`)}`,
      ...hints.map((hint) => `  ${printable(hint)}`),
    ];
    stderr.write(`${lines.join('\n')}\n`);
  }
  return isTaken ? EXIT.whole : EXIT.failed;
};

/** The only webhook that there is, or the only one with the receiver's own path. */
async function registeredUrl(access: StreamAccess, context: Context): Promise<string> {
  const { control } = await connect(access, context);
  const { hooks, webhookUrl } = await control.eventHooks.read({ signal: context.signal });
  const urls = hooks
    .filter((hook) => hook['hook_type'] === 'webhook' && hook['enabled'] !== false)
    .map((hook) => String(hook['webhook_url']));
  const all = webhookUrl === undefined ? urls : [...urls, webhookUrl];
  const likely =
    all.length === 1 ? all : all.filter((url) => URL.parse(url)?.pathname.endsWith('/webhooks/stream'));
  const [only] = likely;
  if (only !== undefined && likely.length === 1) return only;
  if (all.length === 0)
    throw new CliError('no webhook is registered', {
      code: 'ERR_NO_WEBHOOK',
      hints: [
        'Register one: rawreel webhook register --url …',
        'Or test an address: rawreel webhook test --url …',
      ],
    });
  throw new UsageError(`there are ${all.length} webhooks`, [
    'Select one with --url. List them: rawreel webhook show',
  ]);
}
