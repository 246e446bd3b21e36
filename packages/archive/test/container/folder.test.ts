import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRecording } from '../../src/index.ts';
import { codes, drain, failure, users } from '../builders/open.ts';
import { dump, type File, nested } from '../builders/recording.ts';

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
