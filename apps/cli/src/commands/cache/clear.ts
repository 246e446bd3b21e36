import { command } from '../../declare/command-spec.ts';
import { JSON_OUTPUT, VERBOSE } from '../../options/printing.ts';
import { CACHE_DIR } from '../../options/remote.ts';

export const cacheClear = command({
  name: 'cache clear',
  group: 'This machine',
  summary: 'Remove the cached data of recordings, except what a running command uses.',
  examples: [{ says: 'All of it', line: 'rawreel cache clear' }],
  options: { cacheDir: CACHE_DIR, json: JSON_OUTPUT, verbose: VERBOSE },
});
