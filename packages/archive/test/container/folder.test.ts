import { execFileSync } from 'node:child_process';
import { renameSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFolder } from '../../src/container/folder.ts';
import { openRecording } from '../../src/index.ts';
import { ProblemList } from '../../src/problem-list.ts';
import { codes, drain, failure, users } from '../builders/open.ts';
import { dump, type File, metadata, nested, sdp } from '../builders/recording.ts';

const LIMITS = { maxEntrySize: 2 ** 30, maxEntries: 1000, maxInflated: 2 ** 30 };

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'folder-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(files: readonly File[], folder = root): Promise<void> {
  for (const { name, data } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), data);
  }
}

describe('folder', () => {
  test('opens as the archive it was', async () => {
    await write([...nested('alice'), ...nested('bob')]);
    await using recording = await openRecording(root);
    expect(recording.container.kind).toBe('folder');
    expect(recording.problems).toEqual([]);
    expect(users(recording)).toEqual(['alice', 'bob']);
    const location = recording.tracks[0]?.segments[0]?.dump;
    expect(location).toMatchObject({ container: 'file', name: 'rec/alice/session_1/audio_1.rtpdump' });
    expect((await drain(location)).bytes).toEqual(dump('alice'));
  });

  test('links are named and never followed', async () => {
    await write(nested('alice'));
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await write(nested('mallory'), outside);
    await symlink(outside, join(root, 'rec', 'out'));
    await symlink(join(outside, 'rec/mallory/session_1/audio_1.rtpdump'), join(root, 'rec/audio_9.rtpdump'));
    await symlink('.', join(root, 'rec', 'loop'));
    await using recording = await openRecording(root);
    expect(users(recording)).toEqual(['alice']);
    expect(codes(recording)).toEqual(['ENTRY_LINK damage', 'ENTRY_LINK damage', 'ENTRY_LINK damage']);
    await rm(outside, { recursive: true });
  });

  test('a file that becomes a link after it was listed is not followed either', async () => {
    await write(nested('alice'));
    await using recording = await openRecording(root);
    const location = recording.tracks[0]?.segments[0]?.dump;
    const path = location?.path ?? '';
    await rm(path);
    await symlink('/etc/hostname', path);
    expect(await drain(location)).toMatchObject({ error: { code: 'ERR_INPUT_UNREADABLE' } });
  });

  describe('what is exchanged while it is read is never read from elsewhere', () => {
    let outside = '';
    beforeEach(async () => {
      outside = await mkdtemp(join(tmpdir(), 'outside-'));
      await write(
        ['alice', 'bob'].flatMap((user) => [
          { name: `rec/${user}/session_1/audio_1.rtpdump`, data: dump(`secret of ${user}`) },
          { name: `rec/${user}/session_1/audio_1.sdp`, data: sdp('secret/48000') },
          { name: `rec/${user}/session_1/timing_metadata.json`, data: metadata('secret') },
        ]),
        outside,
      );
      await write([...nested('alice'), ...nested('bob')]);
    });
    afterEach(() => rm(outside, { recursive: true }));

    /** A folder, and with it all below it, leads elsewhere from now on. */
    const exchange = (name: string): void => {
      renameSync(join(root, name), join(root, `${name.replaceAll('/', '-')}-moved`));
      symlinkSync(join(outside, name), join(root, name));
    };

    test('a folder, between opening and reading a dump', async () => {
      await using recording = await openRecording(root);
      const location = recording.tracks[0]?.segments[0]?.dump;
      exchange('rec/alice');
      const { bytes, error } = await drain(structuredClone(location));
      expect(bytes).toHaveLength(0);
      expect(error?.code).toBe('ERR_INPUT_UNREADABLE');
      expect(error?.message).toMatch(/another file has taken its place/);
      expect((await drain(recording.tracks[1]?.segments[0]?.dump)).bytes).toEqual(dump('bob'));
    });

    test('a folder, between listing it and reading its metadata', async () => {
      const contents = await readFolder(root, LIMITS, new ProblemList());
      exchange('rec');
      for (const entry of contents.entries.filter(({ kind }) => kind !== 'other')) {
        expect((await failure(contents.readSmall(entry))).code).toBe('ERR_INPUT_UNREADABLE');
      }
    });

    test('a folder, while the one above it is listed', async () => {
      // The problem of a name in the folder above is the moment.
      await write([{ name: 'rec/\u0001', data: '' }]);
      const problems = new ProblemList();
      const add = problems.add.bind(problems);
      problems.add = (problem) => {
        if (problem.code === 'ENTRY_UNSAFE_NAME') exchange('rec/bob');
        add(problem);
      };
      const contents = await readFolder(root, LIMITS, problems);
      expect(contents.entries.map(({ name }) => name).filter((name) => name.includes('/bob/'))).toEqual([]);
      expect(problems.toArray().map(({ code }) => code)).toEqual(['ENTRY_UNSAFE_NAME', 'ENTRY_LINK']);
    });

    test('the folder that is being listed, below which the next one is listed', async () => {
      await write([{ name: 'rec/alice/\u0001', data: '' }]);
      const problems = new ProblemList();
      const add = problems.add.bind(problems);
      problems.add = (problem) => {
        if (problem.code === 'ENTRY_UNSAFE_NAME') exchange('rec');
        add(problem);
      };
      const contents = await readFolder(root, LIMITS, problems);
      const metadataOf = contents.entries.filter(({ kind }) => kind === 'metadata');
      for (const entry of metadataOf) {
        const read = await contents.readSmall(entry).catch(() => Buffer.from(''));
        expect(Buffer.from(read).toString()).not.toContain('secret');
      }
    });

    test.each(['mkfifo', 'socket'])('a file for a %s: no wait', async (kind) => {
      await using recording = await openRecording(root);
      const location = recording.tracks[0]?.segments[0]?.dump;
      const path = location?.path ?? '';
      await rm(path);
      const server = createServer();
      if (kind === 'mkfifo') execFileSync('mkfifo', [path]);
      else await new Promise<void>((resolve) => server.listen(path, resolve));
      expect(await drain(location)).toMatchObject({ error: { code: 'ERR_INPUT_UNREADABLE' } });
      server.close();
    });
  });

  test('a pipe and a socket are named and never opened', async () => {
    await write(nested('alice'));
    execFileSync('mkfifo', [join(root, 'rec/audio_8.rtpdump')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'rec/x_timing_metadata.json'), resolve));
    await using recording = await openRecording(root);
    server.close();
    expect(users(recording)).toEqual(['alice']);
    expect(new Set(codes(recording))).toEqual(new Set(['ENTRY_LINK damage', 'METADATA_UNREADABLE damage']));
  });

  test('a link to the folder may be named', async () => {
    await write(nested('alice'));
    const link = `${root}-link`;
    await symlink(root, link);
    await using recording = await openRecording(link);
    await rm(link);
    expect(users(recording)).toEqual(['alice']);
  });

  test('too deep is damage, not a hang', async () => {
    await write([...nested('alice'), { name: `${'d/'.repeat(40)}x.rtpdump`, data: 'x' }]);
    await using recording = await openRecording(root);
    expect(codes(recording)).toEqual(['ENTRIES_TOO_MANY damage']);
  });

  test('limits hold', async () => {
    await write([...nested('alice'), ...nested('bob')]);
    const few = await failure(openRecording(root, { limits: { maxEntries: 2 } }));
    expect(few.code).toBe('ERR_NO_METADATA');
    await using small = await openRecording(root, { limits: { maxEntrySize: 1500 } });
    expect(codes(small)).toEqual(['ENTRY_TOO_LARGE damage', 'ENTRY_TOO_LARGE damage']);
  });

  test('a file that shrinks while it is open is ERR_ENTRY_DAMAGED behind its bytes', async () => {
    await write(nested('alice'));
    await using recording = await openRecording(root);
    const location = recording.tracks[0]?.segments[0]?.dump;
    await writeFile(location?.path ?? '', 'short');
    const { bytes, error } = await drain(location);
    expect(bytes.toString()).toBe('short');
    expect(error?.code).toBe('ERR_ENTRY_DAMAGED');
  });

  test('without metadata says so', async () => {
    expect((await failure(openRecording(root))).code).toBe('ERR_NO_METADATA');
  });
});

describe('input', () => {
  test('that does not exist', async () => {
    const error = await failure(openRecording(join(root, 'none.zip')));
    expect(error.code).toBe('ERR_INPUT_NOT_FOUND');
    expect(error.message).toMatch(/none\.zip does not exist/);
  });

  test('that is neither file nor folder', async () => {
    expect((await failure(openRecording('/dev/null'))).code).toBe('ERR_INPUT_UNREADABLE');
  });

  test('that is empty', async () => {
    await writeFile(join(root, 'empty.zip'), '');
    expect((await failure(openRecording(join(root, 'empty.zip')))).code).toBe('ERR_EMPTY_INPUT');
  });

  test('an abort ends opening with ERR_ABORTED', async () => {
    await write(nested('alice'));
    const signal = AbortSignal.abort();
    expect((await failure(openRecording(root, { signal }))).code).toBe('ERR_ABORTED');
  });
});

test('folder · names that turn text around are shown as what they are', async () => {
  await write(nested('alice'));
  await symlink('/etc/hostname', join(root, 'rec/\u202egpj.rtpdump'));
  await mkdir(join(root, 'rec/\u202eredlof'));
  const problems = new ProblemList();
  const contents = await readFolder(root, LIMITS, problems);
  expect(contents.entries.map(({ name }) => name)).toContain('rec/\u202egpj.rtpdump');
  await using recording = await openRecording(root);
  expect(recording.problems.map(({ message }) => message)).toEqual([
    'rec/\\u202egpj.rtpdump is ignored: it is a link or device, no file',
  ]);
});
