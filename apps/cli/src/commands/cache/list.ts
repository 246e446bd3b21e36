import { command } from '../../declare/command-spec.ts';
import { JSON_OUTPUT, VERBOSE } from '../../options/printing.ts';
import { CACHE_DIR } from '../../options/remote.ts';

export const cacheList = command({
  name: 'cache list',
  group: 'This machine',
  summary: 'List the cached data of recordings that were read from addresses.',
  examples: [
    { says: 'A table', line: 'rawreel cache list' },
    { says: 'For a program', line: 'rawreel cache list --json' },
  ],
  options: { cacheDir: CACHE_DIR, json: JSON_OUTPUT, verbose: VERBOSE },
});
