import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { ffprobe, run, Scratch } from './support/tools.ts';

const scratch = new Scratch();
afterAll(() => scratch[Symbol.dispose]());

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

test('README · the example runs as it stands, prints what it says, and the file is what it says', () => {
  const readme = readFileSync(here('../README.md'), 'utf8');
  const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const printed = /It prints `([^`]+)`/.exec(readme)?.[1];
  expect(example).toContain("from '@rawreel/matroska'");

  const source = new URL('../src/index.ts', import.meta.url).href;
  const output = scratch.path('silence.mkv');
  const script = scratch.path('example.mjs');
  writeFileSync(
    script,
    example.replace("'@rawreel/matroska'", `'${source}'`).replace("'silence.mkv'", JSON.stringify(output)),
  );
  const result = run(process.execPath, [script]);
  expect([result.stderr, result.stdout.trim()]).toEqual(['', printed]);

  const { format, packets } = ffprobe(output);
  expect(format).toMatchObject({
    duration: '3.000000',
    tags: { title: 'Three seconds of silence', USER_ID: 'zoë', creation_time: '2024-05-17T09:30:00.000000Z' },
  });
  expect(packets).toHaveLength(150);
});
