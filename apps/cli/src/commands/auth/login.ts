import { command } from '../../declare/command-spec.ts';
import { text } from '../../declare/kinds.ts';
import { JSON_OUTPUT, VERBOSE } from '../../options/printing.ts';

export const authLogin = command({
  name: 'auth login',
  group: 'Record calls',
  summary: 'Store an API key and its secret, readable only by you.',
  examples: [
    { says: 'Asks for both; the secret is not shown', line: 'rawreel auth login' },
    {
      says: 'From a script: key and secret on one line each, or the secret only',
      line: 'printenv STREAM_API_SECRET | rawreel auth login --api-key my-key',
    },
  ],
  notes: [
    'Key and secret each come from the first of these that has them: --api-key and --api-secret, STREAM_API_KEY and STREAM_API_SECRET, .env in the working folder, rawreel auth login. --base-url or STREAM_BASE_URL selects a server other than Stream, and is used only from the place that both key and secret come from.',
  ],
  options: {
    apiKey: text({
      group: 'Access',
      help: 'API key, so that only the secret is asked for',
      placeholder: 'key',
    }),
    baseUrl: text({
      group: 'Access',
      help: "server to use instead of Stream's, stored with the key: https, or http on this machine",
      placeholder: 'url',
      example: 'http://127.0.0.1:8080',
      emptyHint: "Omit it to use Stream's own server.",
    }),
    json: JSON_OUTPUT,
    verbose: VERBOSE,
  },
});
