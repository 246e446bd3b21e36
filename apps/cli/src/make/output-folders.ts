import { join } from 'node:path';
import { isAddress, withoutSecrets } from '@rawreel/storage/address';
import type { Input } from '../options/input.ts';
import { ARCHIVE } from './archive-names.ts';

/**
 * The folder of each recording below the output, named like its archive. Of names that some file system takes for one, each
 * gets that of the folder it lies in before it, and a number where these are the same, too.
 */
export function outputFolders(inputs: readonly Input[], output: string): string[] {
  const plain = inputs.map((input) => nameOf(input));
  const longer = inputs.map((input, index) => `${parentOf(input)}_${plain[index]}`);
  const names = plain.map((name, index) => (isAlone(name, plain) ? name : (longer[index] ?? name)));
  const used = new Map<string, number>();
  return names.map((name) => {
    const key = keyOf(name);
    const times = (used.get(key) ?? 0) + 1;
    used.set(key, times);
    const own = times === 1 ? name : `${name}-${times}`;
    return isAddress(output) ? `${output.replace(/\/+$/, '')}/${own}` : join(output, own);
  });
}

const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();

const isAlone = (name: string, names: readonly string[]): boolean =>
  names.filter((other) => keyOf(other) === keyOf(name)).length === 1;

const partsOf = ({ path, shown }: Input): string[] => {
  const place = shown ?? (isAddress(path) ? withoutSecrets(path) : path);
  return place.split(/[\\/]+/).filter((part) => !/^\.{0,2}$/.test(part));
};

const nameOf = (input: Input): string =>
  (partsOf(input).at(-1) ?? '').replace(ARCHIVE, '').replace(UNSAFE, '-') || 'recording';

const parentOf = (input: Input): string => (partsOf(input).at(-2) ?? '').replace(UNSAFE, '-');

/** What a folder's name cannot hold on some system. */
const UNSAFE = /[<>:"|?*\p{Cc}]/gu;
