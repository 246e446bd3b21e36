import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StreamApi, startStreamApi } from '@rawreel/stream-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const README = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');
const { PATH: searchPath } = process.env;

let folder = '';
let api: StreamApi;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-record-a-call-'));
  // What npm run demo:api serves, but for the wait.
  api = await startStreamApi({
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
    readyAfterMs: 10,
  });
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

interface Step {
  readonly command: string;
  readonly shown: string;
}

/** The commands of the section, each with what is shown below it. */
function steps(): Step[] {
  const section = /^## Record a call$(.*?)^## /ms.exec(README)?.[1] ?? '';
  return [...section.matchAll(/```console\n(.*?)```/gs)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => ({
        command: text.slice(0, text.indexOf('\n')),
        shown: text.slice(text.indexOf('\n') + 1),
      })),
  );
}

/** Problems and questions first, as they come, then results. Ctrl-C is pressed where the README shows it. */
function runAs({ command, shown }: Step): Promise<string> {
  const [npx, rawreel, ...args] = command.split(' ');
  expect([npx, rawreel]).toEqual(['npx', 'rawreel']);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: {
        ...(searchPath !== undefined && { PATH: searchPath }),
        XDG_CACHE_HOME: join(folder, 'cache'),
        STREAM_API_KEY: api.apiKey,
        STREAM_API_SECRET: api.secret,
        STREAM_BASE_URL: api.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    let pressed = !shown.includes('^C');
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (!pressed && stderr.includes('Ctrl-C')) pressed = child.kill('SIGINT');
    });
    child.on('close', () => resolve(stderr + stdout));
  });
}

/** Without what is another each time, and without the lines that a pipe gets instead of a bar. */
const timeless = (text: string): string =>
  text
    .replace(/^(\w+ (audio|video|video \+ audio|mix)): .*\n/gm, '')
    .replace('^C', '')
    .replace(/, [\d.]+ m?s\)/, ', - ms)')
    .replace(/rec_default_standup_raw_\d+/g, 'rec')
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(?!_)/g, 'session')
    .replace(/\d+ \w+ \d{4} \d\d:\d\d:\d\d UTC +\d:\d\d/g, 'time length')
    .replace(/since 2\S+/g, 'since time')
    .replace(/ {2,}/g, '  ');

describe('recording a call, as the README shows it', () => {
  it('has all of its steps', () => {
    const commands = steps().map(({ command }) => command.split(' ').slice(2, 4).join(' '));
    const recording = ['start', 'status', 'stop', 'wait', 'download', 'download', 'watch'];
    expect(commands).toEqual(['settings set', ...recording.map((each) => `recording ${each}`)]);
  });

  it.each(steps())('$command', async (step) => {
    expect(timeless(await runAs(step))).toBe(timeless(step.shown));
  });
});
