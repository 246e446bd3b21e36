import { command } from '../../declare/command-spec.ts';
import { STREAM } from '../../options/stream-access.ts';

export const webhookShow = command({
  name: 'webhook show',
  group: 'Record calls',
  summary: 'Show where Stream sends the events of the app, without secrets.',
  examples: [{ says: 'All hooks', line: 'rawreel webhook show' }],
  options: { ...STREAM },
});
