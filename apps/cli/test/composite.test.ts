import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawreel } from './fakes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-composite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';

const START = ['composite', '--input-file', 'a.zip', '--output', 'out'];

/** A file of this test’s folder. */
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function asked(...args: readonly string[]) {
  const { exitCode, stderr, told } = await rawreel([...START, ...args]);
  expect([exitCode, told.request?.outputs]).toEqual([0, ['composite']]);
  return { composite: told.request?.composite, stderr, verify: told.ran?.verify };
}

describe('composite', () => {
  it('asks for one video, and leaves what is not said to the processor', async () => {
    const { composite, verify } = await asked();
    expect(composite).toEqual({
      format: 'mp4',
      film: true,
      names: undefined,
      scenes: undefined,
      captions: undefined,
    });
    expect(verify).toBe(false);
  });

  it('hands on what is said, in the processor’s units', async () => {
    const { composite, verify } = await asked(
      ...['--layout', 'spotlight', '--size', '720x1280', '--fps', '30', '--places', '9', '--fit', 'cover'],
      ...['--from', '1:02:03.5', '--to', '90m', '--users', 'alice, bob', '--blur', 'bob', '--no-labels'],
      ...['--speaker-border', 'none', '--format', 'mkv', '--verify', '--preset', 'faster'],
    );
    expect(composite).toMatchObject({
      layout: 'spotlight',
      size: { width: 720, height: 1280 },
      fps: 30,
      places: 9,
      fit: 'cover',
      fromMs: 3_723_500,
      toMs: 5_400_000,
      users: ['alice', 'bob'],
      blur: ['bob'],
      labels: false,
      speakerBorder: false,
      format: 'mkv',
      preset: 'faster',
    });
    expect(verify).toBe(true);
  });

  it('tells a later run what it was made of, whatever the archive', async () => {
    const runs = await Promise.all([[], ['--skip-existing']].map((more) => rawreel([...START, ...more])));
    expect(runs.map(({ told }) => told.ran?.resume)).toEqual(['anew', 'keep']);
  });

  it('takes colours as CSS has them, and without the mark that shells take for a comment', async () => {
    const { composite } = await asked('--background', '#1aF', '--speaker-border', '00ff7f');
    expect(composite).toMatchObject({ background: '#11aaFF', speakerBorder: '#00ff7f' });
  });

  it('takes a logo by its path, an encoder by ffmpeg’s name, and who is in it', async () => {
    const logo = file('logo.svg', PICTURE);
    const { composite } = await asked(
      ...['--logo', logo, '--encoder', 'h264_videotoolbox', '--without', 'carol', '--no-labels'],
    );
    expect(composite).toMatchObject({
      logo,
      encoder: 'h264_videotoolbox',
      without: ['carol'],
      labels: false,
    });
  });

  it('reads names from a file', async () => {
    const path = file('names.json', '{"alice":{"name":"Алиса"}}');
    const { composite } = await asked('--names', path);
    expect(composite?.names).toEqual({ alice: { name: 'Алиса' } });
    expect((await asked('--names', 'ids')).composite?.names).toBeUndefined();
  });

  it('says before the work which avatars cannot be shown', async () => {
    const picture = file('ann.svg', PICTURE);
    const people = {
      alice: { avatar: picture },
      bob: { avatar: 'nowhere.png' },
      carol: { avatar: 'package.json' },
    };
    const { stderr } = await asked('--names', file('people.json', JSON.stringify(people)));
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^--names .*people\.json: initials will stand for avatars$/),
      '  bob: nowhere.png cannot be shown: there is no such file',
      '  carol: package.json cannot be shown: it is no PNG, JPEG, WebP, GIF or SVG',
      '',
    ]);
  });

  it('takes a transcript as captions, in any format that transcribers write', async () => {
    const path = file('said.vtt', 'WEBVTT\n\n00:01.000 --> 00:02.000\n<v Alice>Hello.</v>\n');
    const { composite } = await asked('--captions', path);
    expect(composite?.captions).toMatchObject({
      cues: [{ startMs: 1000, endMs: 2000, text: 'Hello.', speaker: 'Alice' }],
    });
  });

  it('takes Stream’s own layout settings, lists what cannot be honoured, and lets options win', async () => {
    const layout = { name: 'spotlight', options: { 'title.text': 'Stand-up', 'layout.glow': 1 } };
    const path = file('layout.json', JSON.stringify(layout));
    const { composite, stderr } = await asked('--options', path, '--title', 'Ours');
    expect(composite).toMatchObject({ layout: 'spotlight', title: 'Ours' });
    expect(stderr).toContain('layout.glow');
  });

  it('a logo of Stream’s that is no picture · is a usage error', async () => {
    const path = file('logo.json', JSON.stringify({ options: { 'logo.image_url': 'package.json' } }));
    const { exitCode, stderr } = await rawreel([...START, '--options', path]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/logo\.image_url of .*logo\.json: package\.json cannot be shown: it is no PNG/),
    ]);
  });

  it('takes scenes of an earlier run, or makes them only', async () => {
    const scenes = { version: 1, width: 64, height: 64, fps: 25, durationMs: 0, scenes: [], speaking: [] };
    const { composite } = await asked('--scenes', file('scenes.json', JSON.stringify(scenes)), '--no-film');
    expect(composite).toMatchObject({ scenes, film: false });
  });

  it.each([
    [
      'a size of one side',
      ['--size', '1280'],
      /--size takes width and height such as 1280x720, .*not "1280"/,
    ],
    [
      'a position of nothing',
      ['--from', 'noon'],
      /--from takes a position such as 90s, 15m or 1:02:03, or a time such as 09:45Z/,
    ],
    ['no users', ['--users', ' , '], /--users takes user ids such as alice,bob/],
    ['a layout that there is not', ['--layout', 'circle'], /--layout takes one of auto, grid/],
    [
      'captions that are none',
      ['--captions', 'package.json'],
      /--captions package.json: it is JSON of none of/,
    ],
    [
      'names from nowhere',
      ['--names', 'nowhere.json'],
      /--names nowhere.json does not exist\n {2}Check the path/,
    ],
    ['a logo from nowhere', ['--logo', 'nowhere.png'], /--logo nowhere.png does not exist/],
    [
      'a logo that is no picture',
      ['--logo', 'package.json'],
      /--logo package\.json cannot be shown: it is no PNG, JPEG, WebP, GIF or SVG/,
    ],
    ['a logo that is a folder', ['--logo', '.'], /--logo \. is a folder/],
    [
      'a size that no encoder takes',
      ['--size', '1281x720'],
      /--size takes .* even numbers from 64 to 4096, not "1281x720"/,
    ],
    ['a preset that x264 has not', ['--preset', 'warp'], /--preset takes one of ultrafast, .*, not "warp"/],
    [
      'a preset of another encoder',
      ['--preset', 'slow', '--format', 'webm'],
      /--preset is for x264, and has no effect with --format webm/,
    ],
    ['a colour by name', ['--background', 'red'], /--background takes a colour such as 3ea6ff, not "red"/],
    [
      'a border by another word',
      ['--speaker-border', 'off'],
      /--speaker-border takes a colour such as 3ea6ff, or none, not "off"/,
    ],
  ])('%s · is a usage error that says what it takes', async (_, args, says) => {
    const { exitCode, stderr } = await rawreel([...START, ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(says)]);
  });

  it('names that are no names · are named with their file and what they should be', async () => {
    const { exitCode, stderr } = await rawreel([...START, '--names', file('broken.json', '{"a":')]);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/broken\.json: .*\n {2}Names are JSON/)]);
  });
});
