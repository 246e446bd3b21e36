import type { ProcessorPackage } from '../lazy-packages.ts';
import { ofFile } from './option-file.ts';

/**
 * What `--names` stands for: a file of names, or `ids` for none.
 *
 * @throws UsageError as ofFile
 */
export async function displayNamesOf(
  names: string | undefined,
  { readDisplayNames }: Pick<ProcessorPackage, 'readDisplayNames'>,
): Promise<ReturnType<ProcessorPackage['readDisplayNames']> | undefined> {
  return names === undefined || names === 'ids'
    ? undefined
    : await ofFile('--names', names, readDisplayNames);
}
