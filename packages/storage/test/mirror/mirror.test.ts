import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bootId } from '../../src/mirror/boot-id.ts';
import { Mirror, RECORD_NAME } from '../../src/mirror/mirror.ts';
import { readRecord } from '../../src/mirror/presence-record.ts';
import { cacheFolder } from '../builders/objects.ts';

test('mirror · what is recorded outlasts the machine once it was secured, and all of it after closing', async () => {
  const folder = await cacheFolder();
  const record = join(folder, RECORD_NAME);
  const mirror = await Mirror.open(folder, 100);
  await mirror.write([Buffer.from('12345'), Buffer.from('67890')], { from: 10, to: 20 });
  expect(await readRecord(record, await bootId())).toEqual([]);
  await mirror.record();
  expect(await readRecord(record, await bootId())).toEqual([{ from: 10, to: 20 }]);
  await mirror.secure();
  expect(await readRecord(record, 'the next boot')).toEqual([{ from: 10, to: 20 }]);
  await mirror.write([Buffer.from('x')], { from: 30, to: 31 });
  await mirror.record();
  await mirror.close();
  expect(await readRecord(record, 'the next boot')).toEqual([
    { from: 10, to: 20 },
    { from: 30, to: 31 },
  ]);
  const file = await readFile(mirror.path);
  expect(file.length).toBe(100);
  expect(file.toString('latin1', 10, 20)).toBe('1234567890');
});

test('mirror · does not begin where the record is of another file', async () => {
  const folder = await cacheFolder();
  const first = await Mirror.open(folder, 100);
  await first.write([Buffer.alloc(100, 1)], { from: 0, to: 100 });
  await first.record();
  await first.close();
  await writeFile(first.path, 'cut');
  const second = await Mirror.open(folder, 100);
  expect(second.present.byteLength).toBe(0);
  await second.close();
  expect(await readRecord(join(folder, RECORD_NAME), await bootId())).toEqual([]);
});
