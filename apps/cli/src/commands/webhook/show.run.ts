import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import { hookLine } from '../../webhook/hook-line.ts';
import type { webhookShow } from './show.ts';

export const run: Run<typeof webhookShow> = async (options, context) => {
  const { control, library } = await connect(options, context);
  const { stdout, signal } = context;
  const { hooks, hasList, webhookUrl } = await control.eventHooks.read({ signal });
  if (options.json) {
    stdout.write(jsonText(library.withoutHookSecrets({ hooks, hasList, webhookUrl })));
    return EXIT.whole;
  }
  const lines = hooks.map((hook) => hookLine(hook, library));
  if (!hasList && webhookUrl !== undefined)
    lines.push(
      `webhook  ${printable(String(library.withoutHookSecrets(webhookUrl)))}  (legacy setting, the only webhook)`,
    );
  stdout.write(`${lines.join('\n') || 'No hooks: Stream sends the events of this app nowhere'}\n`);
  return EXIT.whole;
};
