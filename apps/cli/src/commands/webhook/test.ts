import { jsonText, printable } from '@rawreel/text';
import { connect } from '../../control/connect.ts';
import { credentialsFor } from '../../control/credentials.ts';
import type { WebhookTestSettings } from '../../declare/webhook-settings.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError, UsageError } from '../../failure/errors.ts';
import type { Surroundings } from '../../surroundings.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { explainAnswer } from './explain-answer.ts';
import { probe } from './probe.ts';

/** As Stream itself waits. */
const WITHIN_MS = 6000;

export async function testWebhook(settings: WebhookTestSettings, around: Surroundings): Promise<number> {
  const { apiKey, secret } = await credentialsFor(settings.access, around);
  const url = settings.url ?? (await registeredUrl(settings, around));
  const { requestTimeoutMs: withinMs = WITHIN_MS } = settings;
  const answer = await probe(url, { apiKey, secret, withinMs, signal: around.signal });
  const { isTaken, says, hints } = explainAnswer(answer, withinMs);
  const { stdout, stderr, env } = around;
  if (settings.json) stdout.write(jsonText({ url, ...answer, isTaken, says, hints }));
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
}

/** The only webhook that there is, or the only one with the receiver's own path. */
async function registeredUrl(settings: WebhookTestSettings, around: Surroundings): Promise<string> {
  const { control } = await connect(settings, around);
  const { hooks, webhookUrl } = await control.eventHooks.read({ signal: around.signal });
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
        'Or name an address: rawreel webhook test --url …',
      ],
    });
  throw new UsageError(`there are ${all.length} webhooks`, [
    'Say which: --url. See them all: rawreel webhook show',
  ]);
}
