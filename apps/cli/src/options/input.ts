import { isAddress } from '@rawreel/storage/address';
import { bytes, count, parsed, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { emptyValue, exclusive } from '../declare/value-errors.ts';
import { UsageError } from '../failure/errors.ts';

/** Which recording: exactly one of them. */
export const INPUT = {
  inputFile: text({
    group: 'Input',
    short: 'i',
    help: 'the recording as a ZIP, tar.gz or tar file, whatever its name, or - for stdin',
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
    help: 'the recording at s3://bucket/key or an https:// link; only the needed parts of a ZIP are read',
    placeholder: 'address',
    read: readAddress,
  }),
};

function readAddress(given: string, flag: string): string {
  if (given === '') throw emptyValue(flag);
  if (isAddress(given)) return given;
  throw new UsageError(`${flag} takes s3://bucket/key or an https:// link, not "${given}"`, [
    'For a local file or folder, use --input-file or --input-dir.',
  ]);
}

export interface Input {
  readonly flag: string;
  /** Or an address. */
  readonly path: string;
  /** What a person calls what came through stdin, which lies at the path. */
  readonly shown?: string;
}

/** @throws UsageError unless one recording is named */
function inputOf({ inputFile, inputDir, inputS3 }: OptionsOf<typeof INPUT>): Input {
  const given = exclusive(
    { '--input-file': inputFile, '--input-dir': inputDir, '--input-s3': inputS3 },
    'Select one recording.',
  );
  if (given !== undefined) return { flag: given.flag, path: given.value };
  throw new UsageError('no recording selected', [
    'Add --input-file <archive>, --input-dir <extracted folder> or --input-s3 <address>.',
  ]);
}

/**
 * The same where a recording may also be given as a word.
 *
 * @throws UsageError unless one recording is named
 */
export function inputOrWord(word: string | undefined, options: OptionsOf<typeof INPUT>): Input {
  if (word === undefined) return inputOf(options);
  const { inputFile, inputDir, inputS3 } = options;
  if ([inputFile, inputDir, inputS3].every((given) => given === undefined))
    return { flag: '--input-file', path: word };
  throw new UsageError('two recordings selected', [
    'Give the recording as a word or by an option, not both.',
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
