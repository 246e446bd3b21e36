import { command } from '../../declare/command-spec.ts';
import { STREAM } from '../../options/stream-access.ts';

export const authStatus = command({
  name: 'auth status',
  group: 'Record calls',
  summary: 'Show which API key is sent to which server, and where key, secret and server come from.',
  examples: [{ says: 'Show it', line: 'rawreel auth status' }],
  notes: [
    'Key and secret each come from the first of these that has them: --api-key and --api-secret, STREAM_API_KEY and STREAM_API_SECRET, .env in the working folder, rawreel auth login. --base-url or STREAM_BASE_URL selects a server other than Stream, and is used only from the place that both key and secret come from.',
  ],
  options: { ...STREAM },
});
