import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compileExamples, PAGES_WITH_EXAMPLES, ROOT } from '../src/readme-examples.ts';

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('examples', () => {
  it('are in the READMEs of what programs use', () => {
    expect(PAGES_WITH_EXAMPLES).toEqual(
      expect.arrayContaining(
        ['archive', 'delivery', 'processor', 'recording-control', 'storage'].map(
          (name) => `packages/${name}/README.md`,
        ),
      ),
    );
  });

  it('compile as strictly as TypeScript can, against the packages as they are built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rawreel-examples-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    expect(await compileExamples(folder, PAGES_WITH_EXAMPLES)).toBe('');
  });
});

/** Words in capitals that stand for something else in the sources: of Node, zlib, undici, S3, Matroska, OpenTimelineIO, Stream, variables. */
const NOT_CODES =
  /^(ERR_STREAM_\w+|ERR_SYSTEM_ERROR|ERR_MODULE_NOT_FOUND|Z_\w+|UND_ERR_\w+|WHEN_REQUIRED|DEFAULT_MEDIA|[AV]_\w+|TRACK_TYPE_\w+|STREAM_\w+|RAWREEL_\w+|\w+_ENCODERS|RECORDING_CAPABILITIES|\w+_PROXY)$/;

/** Codes that a room's sources name, whoever made them. */
function codesIn(room: string): string[] {
  const literals = globSync([`${room}/src/**/*.ts`, `${room}/bundle/*.mjs`], { cwd: ROOT }).flatMap((path) =>
    Array.from(textOf(path).matchAll(/'([A-Z]+(?:_[A-Z0-9]+)+)'/g), ([, code = '']) => code),
  );
  return [...new Set(literals)].filter((code) => !NOT_CODES.test(code)).sort();
}

/** Codes in the first column of a page's tables. */
const tabledIn = (path: string): string[] =>
  Array.from(textOf(path).matchAll(/^\|([^|]*)\|/gm), ([, cell = '']) => cell).flatMap((cell) =>
    Array.from(cell.matchAll(/`([A-Z]+(?:_[A-Z0-9]+)+)`/g), ([, code = '']) => code),
  );

const PAGES = {
  manifest: 'docs/manifest.md',
  archive: 'packages/archive/README.md',
  storage: 'packages/storage/README.md',
  delivery: 'packages/delivery/README.md',
  'recording-control': 'packages/recording-control/README.md',
} as const;
const tabled = Object.fromEntries(Object.entries(PAGES).map(([name, path]) => [name, tabledIn(path)]));

describe('codes', () => {
  it.each([
    ['packages/archive', ['archive']],
    ['packages/storage', ['storage']],
    ['packages/recording-control', ['recording-control']],
    // What goes through runs and the command line has one page, but where a package tells it alone.
    ['packages/archive', ['manifest', 'archive']],
    ['packages/processor', ['manifest', 'archive']],
    ['apps/cli', ['manifest', 'archive', 'storage', 'recording-control']],
  ] as const)('that %s tells are in the tables of %j', (room, pages) => {
    const codes = codesIn(room);
    expect(codes.length).toBeGreaterThan(5);
    const known = pages.flatMap((page) => tabled[page] ?? []);
    expect(codes.filter((code) => !known.includes(code))).toEqual([]);
  });

  it('that packages/delivery adds are in its table', () => {
    const { storage = [], delivery } = tabled;
    const own = codesIn('packages/delivery').filter((code) => !storage.includes(code));
    expect(own).toEqual(['ERR_DESTINATION']);
    expect(delivery).toEqual(expect.arrayContaining(own));
  });

  it.each(Object.keys(PAGES))('in the tables of %s are told by something', (page) => {
    const told = ['archive', 'storage', 'recording-control', 'processor', 'delivery'].flatMap((room) =>
      codesIn(`packages/${room}`),
    );
    const all = [...told, ...codesIn('apps/cli')];
    expect((tabled[page] ?? []).filter((code) => !all.includes(code))).toEqual([]);
  });
});
