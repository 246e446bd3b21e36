import { command } from '../../declare/command-spec.ts';
import { text } from '../../declare/kinds.ts';
import { JSON_OUTPUT, VERBOSE } from '../../options/printing.ts';

export const authLogin = command({
  name: 'auth login',
  group: 'Record calls',
  summary: 'Store an API key and its secret, readable by you alone.',
  examples: [
    { says: 'Asks for both; the secret is not shown', line: 'rawreel auth login' },
    {
      says: 'From a script: a line each, or the secret alone',
      line: 'printenv STREAM_API_SECRET | rawreel auth login --api-key my-key',
    },
  ],
  notes: [
    'Key and secret are each taken from the first that has them: --api-key and --api-secret, STREAM_API_KEY and STREAM_API_SECRET, .env in the working folder, rawreel auth login. Another server than Stream is named by --base-url or STREAM_BASE_URL, and counts only from the place that has the key and the secret.',
  ],
  options: {
    apiKey: text({
      group: 'Access',
      help: 'the key, so that only the secret is asked for',
      placeholder: 'key',
    }),
    baseUrl: text({
      group: 'Access',
      help: "another server than Stream's, stored with the key: https, or http on this machine",
      placeholder: 'url',
      example: 'http://127.0.0.1:8080',
      emptyHint: "Leave it out for Stream's own.",
    }),
    json: JSON_OUTPUT,
    verbose: VERBOSE,
  },
});
