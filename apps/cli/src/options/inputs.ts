import { count, list, restArguments, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { UsageError } from '../failure/errors.ts';
import { INPUT, type Input } from './input.ts';

/** Which recordings: any number, in any mixture. */
export const INPUTS = {
  recordings: restArguments('recording'),
  inputFile: list({
    ...INPUT.inputFile,
    help: 'a recording as a ZIP, tar.gz or tar file, whatever its name; a folder of such files, a pattern such as calls/*.zip, or - for stdin',
  }),
  inputDir: list({ ...INPUT.inputDir, help: 'a recording as an extracted folder, or a folder of archives' }),
  inputS3: list({
    ...INPUT.inputS3,
    help: 'a recording at s3://bucket/key or an https:// link, of which only the needed parts are read; or all archives below s3://bucket/prefix/',
  }),
  inputsFrom: text({
    group: 'Input',
    help: 'a file with a recording in each line: a path, seen from the current folder, or an address; - for stdin',
    placeholder: 'file',
    completes: 'file',
    example: 'calls.txt',
  }),
  jobs: count({
    group: 'Advanced',
    help: 'recordings processed at the same time, where there are several',
    example: '2',
    to: 64,
    default: '1',
  }),
};

/** Recordings as they were typed, of which each may turn out to be several. */
export interface GivenInputs {
  readonly each: readonly Input[];
  /** File of more of them. */
  readonly from: string | undefined;
}

/** @throws UsageError unless a recording is named, and where stdin is to be two things */
export function givenInputs(options: Omit<OptionsOf<typeof INPUTS>, 'jobs'>): GivenInputs {
  const { recordings, inputFile, inputDir, inputS3, inputsFrom: from } = options;
  const named = (flag: string) => (path: string) => ({ flag, path });
  const each = [
    ...[...inputFile, ...recordings].map(named('--input-file')),
    ...inputDir.map(named('--input-dir')),
    ...inputS3.map(named('--input-s3')),
  ];
  const fromStdin = [...each.map(({ path }) => path), from].filter((path) => path === '-');
  if (fromStdin.length > 1) throw new UsageError('stdin can be read once only, and - is given twice');
  if (each.length > 0 || from !== undefined) return { each, from };
  throw new UsageError('no recording selected', [
    'Add --input-file <archive>, --input-dir <extracted folder> or --input-s3 <address>.',
  ]);
}

export const INPUTS_NOTE =
  'Several recordings: name several, a pattern, a folder of archives, s3://bucket/prefix/ or a list. Each then has a folder of its own in --output, named like its archive; one that fails does not stop the others.';
