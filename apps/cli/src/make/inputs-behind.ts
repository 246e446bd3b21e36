import { glob, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAddress } from '@rawreel/storage/address';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { CliError } from '../failure/errors.ts';
import type { Input } from '../options/input.ts';
import type { RemoteSettings } from '../options/remote.ts';
import { count } from '../terminal/format-values.ts';
import { ARCHIVE } from './archive-names.ts';

/** What a name stands for: itself, or with words for it the recordings that were found behind it. */
export interface Behind {
  readonly inputs: readonly Input[];
  readonly says?: string;
}

/** @throws CliError ERR_NO_RECORDINGS for a pattern or prefix behind which there is none; StorageError */
export async function inputsBehind(input: Input, remote: RemoteSettings, context: Context): Promise<Behind> {
  const { path } = input;
  if (isAddress(path)) return PREFIX.test(path) ? await below(path, remote, context) : { inputs: [input] };
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return (await archivesIn(path)) ?? { inputs: [input] };
  return found === undefined && PATTERN.test(path) ? await matching(path) : { inputs: [input] };
}

/** A bucket, or what ends like a folder in it. */
const PREFIX = /^s3:\/\/([^/]+\/?|.+\/)$/is;

const PATTERN = /[*?[{]/;

async function below(prefix: string, { s3Endpoint }: RemoteSettings, context: Context): Promise<Behind> {
  const { listObjects } = await context.packages.storage();
  const s3 = s3Endpoint === undefined ? undefined : { endpoint: s3Endpoint };
  const paths: string[] = [];
  for await (const { address } of listObjects(prefix, { s3, signal: context.signal }))
    if (ARCHIVE.test(address)) paths.push(address);
  if (paths.length === 0) throw none(`there is no archive below ${printable(prefix)}`);
  return {
    inputs: paths.map((path) => ({ flag: '--input-s3', path })),
    says: `${printable(prefix)}: ${count(paths.length, 'archive')} below it`,
  };
}

/** Undefined of a folder that is a recording itself, or holds no archives. */
async function archivesIn(folder: string): Promise<Behind | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => !entry.isDirectory() && ARCHIVE.test(entry.name));
  if (names.length === 0 || (await isRecording(folder))) return undefined;
  return {
    inputs: names
      .map(({ name }) => ({ flag: '--input-file', path: join(folder, name) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    says: `${printable(folder)} is a folder with ${count(names.length, 'archive')} in it`,
  };
}

const METADATA = /(^|_)timing_metadata\.json$/;

async function isRecording(folder: string): Promise<boolean> {
  for await (const name of glob('**/*timing_metadata.json', { cwd: folder }))
    if (METADATA.test(name.replace(/^.*[\\/]/s, ''))) return true;
  return false;
}

async function matching(pattern: string): Promise<Behind> {
  const paths: string[] = [];
  for await (const path of glob(pattern)) paths.push(path);
  if (paths.length === 0) throw none(`no file is named like ${printable(pattern)}`);
  return {
    inputs: paths.sort().map((path) => ({ flag: '--input-file', path })),
    says: `${printable(pattern)}: ${count(paths.length, 'recording')}`,
  };
}

const none = (message: string): CliError =>
  new CliError(message, {
    code: 'ERR_NO_RECORDINGS',
    hints: ['Archives end in .zip, .tar, .tar.gz or .tgz; relative paths start at the current folder.'],
  });
