import { command } from '../../declare/command-spec.ts';
import { STREAM } from '../../options/stream-access.ts';

export const authStatus = command({
  name: 'auth status',
  group: 'Record calls',
  summary:
    'Say which API key would be sent to which server, and where each of the two and the secret come from.',
  examples: [{ says: 'What goes where?', line: 'rawreel auth status' }],
  notes: [
    'Key and secret are each taken from the first that has them: --api-key and --api-secret, STREAM_API_KEY and STREAM_API_SECRET, .env in the working folder, rawreel auth login. Another server than Stream is named by --base-url or STREAM_BASE_URL, and counts only from the place that has the key and the secret.',
  ],
  options: { ...STREAM },
});
