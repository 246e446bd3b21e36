import { isAddress } from '@rawreel/storage/address';
import { bytes, count, parsed, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { emptyValue, exclusive } from '../declare/value-errors.ts';
import { UsageError } from '../failure/errors.ts';

/** Which recording: exactly one of them. */
export const INPUT = {
  inputFile: text({
    group: 'Input',
    help: 'the recording: a ZIP, tar.gz or tar, whatever its name',
    placeholder: 'path',
    completes: 'file',
  }),
  inputDir: text({
    group: 'Input',
    help: 'the recording as an extracted folder',
    placeholder: 'path',
    completes: 'folder',
  }),
  inputS3: parsed({
    group: 'Input',
    help: 'the recording where it lies: s3://bucket/key or an https:// link; of a ZIP only what is needed is read',
    placeholder: 'address',
    read: readAddress,
  }),
};

function readAddress(given: string, flag: string): string {
  if (given === '') throw emptyValue(flag);
  if (isAddress(given)) return given;
  throw new UsageError(`${flag} takes s3://bucket/key or an https:// link, not "${given}"`, [
    'A file or folder of this machine is named with --input-file or --input-dir.',
  ]);
}

export interface Input {
  readonly flag: string;
  /** Or an address. */
  readonly path: string;
}

/** @throws UsageError unless one recording is named */
export function inputOf({ inputFile, inputDir, inputS3 }: OptionsOf<typeof INPUT>): Input {
  const given = exclusive(
    { '--input-file': inputFile, '--input-dir': inputDir, '--input-s3': inputS3 },
    'Name one recording at a time.',
  );
  if (given !== undefined) return { flag: given.flag, path: given.value };
  throw new UsageError('no recording is named', [
    'Add --input-file <archive>, --input-dir <extracted folder> or --input-s3 <address>.',
  ]);
}

/** What a recording may hold. */
export const LIMITS = {
  maxEntrySize: bytes({
    group: 'Advanced',
    help: 'refuse entries that inflate to more (K, M, G, T: powers of 1024)',
    example: '500M',
  }),
  maxEntries: count({
    group: 'Advanced',
    help: 'refuse entries beyond this many',
    example: '1000',
  }),
};

export type Limits = OptionsOf<typeof LIMITS>;

export const limitsOf = ({ maxEntrySize, maxEntries }: Limits): Limits => ({ maxEntrySize, maxEntries });
