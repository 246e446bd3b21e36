import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CallCase, packed } from '../formats/call-case.ts';

/** Folders below which names that lead upwards still end in the sandbox. */
const DEPTH = 'a/b/c/d';

/** A folder for one run of the command: everything it may know of the disk, far below a root that is looked through. */
export class Sandbox implements AsyncDisposable {
  readonly root: string;
  /** What `--input-file` or `--input-dir` is to name. */
  readonly input: string;
  readonly isFolder: boolean;
  /** Of the archive, or of all files of the folder. */
  readonly inputBytes: number;

  static async of(call: CallCase): Promise<Sandbox> {
    const root = await mkdtemp(join(tmpdir(), 'rawreel-fuzz-'));
    for (const name of ['work', 'home', 'tmp', 'in'])
      await mkdir(join(root, DEPTH, name), { recursive: true });
    const archive = packed(call);
    const input = join(root, DEPTH, 'in', archive === undefined ? 'call' : 'call.bin');
    if (archive === undefined) await writeTree(input, call);
    else await writeFile(input, archive);
    const bytes = archive?.length ?? call.files.reduce((sum, { data }) => sum + data.length, 0);
    return new Sandbox(root, input, archive === undefined, bytes);
  }

  private constructor(root: string, input: string, isFolder: boolean, inputBytes: number) {
    this.root = root;
    this.input = input;
    this.isFolder = isFolder;
    this.inputBytes = inputBytes;
  }

  get work(): string {
    return join(this.root, DEPTH, 'work');
  }

  get output(): string {
    return join(this.work, 'out');
  }

  get environment(): NodeJS.ProcessEnv {
    const home = join(this.root, DEPTH, 'home');
    const { PATH } = process.env;
    return { PATH, HOME: home, XDG_CACHE_HOME: home, TMPDIR: join(this.root, DEPTH, 'tmp'), NO_COLOR: '1' };
  }

  /** Every file in it, but for the input and the output folder. */
  async strays(): Promise<string[]> {
    const expected = [this.output, dirname(this.input)];
    return (await filesBelow(this.root)).filter(
      (path) => !expected.some((one) => path.startsWith(`${one}/`)),
    );
  }

  /** Of all that is there beside the input. */
  async bytesWritten(): Promise<number> {
    const sizes = (await filesBelow(this.root)).map(async (path) => {
      // What the command works with comes and goes meanwhile.
      const found = await stat(path).catch(() => undefined);
      return found?.size ?? 0;
    });
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) - this.inputBytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

async function writeTree(folder: string, { files }: CallCase): Promise<void> {
  await mkdir(folder);
  for (const { name, data } of files) {
    const parts = Buffer.from(name).toString('latin1').split('/');
    // No folder has such names; in an archive they are tried.
    if (parts.some((part) => !/^[^\0]{1,100}$/.test(part) || part === '.' || part === '..')) continue;
    const path = join(folder, ...parts);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, data);
    } catch {
      // A file is in the place of a folder, or the other way round.
    }
  }
}

export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
