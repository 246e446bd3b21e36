import { formatBytes, jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { neededCacheFolder } from '../../remote/cache-folder.ts';
import { count } from '../../terminal/format-values.ts';
import type { cacheClear } from './clear.ts';

export const run: Run<typeof cacheClear> = async ({ cacheDir, json }, { packages, stdout }) => {
  const folder = cacheDir ?? (await neededCacheFolder());
  const { clearCache } = await packages.storage();
  const { objects, bytes } = await clearCache(folder);
  stdout.write(
    json
      ? jsonText({ folder, objects, bytes })
      : `${count(objects, 'recording')} removed from ${printable(folder)} (${formatBytes(bytes)})\n`,
  );
  return EXIT.whole;
};
