import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateCall, type TrackSpec } from '@rawreel/fixtures';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium } from '../../../tooling/setup/find-chromium.mjs';
import { rawreel } from '../src/rawreel.ts';

const HOSTILE = '"><img src=x onerror=document.title=1><script>document.title=2</script>';

let folder = '';
let browser: Browser;
let page: Page;
const asked: string[] = [];
const errors: string[] = [];

const impair = { outages: [{ fromMs: 20_000, toMs: 22_000 }] };

const tracks = (more: object): readonly TrackSpec[] => [
  { kind: 'audio', segments: [{ startMs: 0, durationMs: 60_000 }], ...more },
  {
    kind: 'video',
    codec: 'vp8',
    width: 320,
    height: 180,
    segments: [{ startMs: 0, durationMs: 60_000 }],
    ...more,
  },
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-page-'));
  const call = await generateCall({
    seed: 'page in a browser',
    users: [
      { id: 'ann', sessions: [{ tracks: tracks({}) }] },
      { id: HOSTILE, sessions: [{ tracks: tracks({ impair }) }] },
    ],
  });
  await call.writeArchive(join(folder, 'call.zip'));
  const report = join(folder, 'report.html');
  const made = await rawreel(['inspect', '--input-file', join(folder, 'call.zip'), '--html', report]);
  expect([made.exitCode, made.stderr]).toEqual([0, '']);
  browser = await chromium.launch({ executablePath: findChromium() ?? 'chromium' });
  page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  await page.context().setOffline(true);
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => errors.push(message.text()));
  await page.goto(pathToFileURL(report).href);
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

const text = async (selector: string): Promise<string> =>
  (await page.locator(selector).first().textContent()) ?? '';
/** What an expression says of each element, in the page. */
const of = <Value>(selector: string, expression: string): Promise<Value[]> =>
  page.evaluate<Value[]>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => ${expression})`,
  );

const viewBox = async (): Promise<number[]> =>
  ((await page.locator('svg.curve').first().getAttribute('viewBox')) ?? '').split(' ').map(Number);

/** Relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const digits = colour.slice(1);
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [bright = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

test('opens from a disk without a network · nothing else is asked for, nothing fails, no id is run', async () => {
  expect(asked).toHaveLength(1);
  expect(errors).toEqual([]);
  expect(await page.title()).toMatch(/· inspection$/);
  expect(await page.locator('img').count()).toBe(0);
  expect(await of<string>('.participant h2', 'element.textContent')).toContain(HOSTILE);
});

test('every curve is drawn, and every picture has a name for those who do not see it', async () => {
  const paths = await of<string>('svg.curve path:not(.band)', "element.getAttribute('d')");
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => path.length < 20)).toEqual([]);
  const names = await of<string | null>('svg[role=img]', "element.getAttribute('aria-label')");
  expect(names.filter((name) => !name)).toEqual([]);
});

test('moments of trouble are shaded in the curves of whom they struck, and of nobody else', async () => {
  const shaded = await of<[string, number]>(
    '.participant',
    "[element.querySelector('h2').textContent, element.querySelectorAll('.band').length]",
  );
  const count = Object.fromEntries(shaded);
  expect(count['ann']).toBe(0);
  expect(count[HOSTILE]).toBe(await page.locator(`.participant:has(.band) svg.curve`).count());
  const begins = await of<number>(
    '.band',
    "((svg) => (element.getBoundingClientRect().x - svg.x) / svg.width)(element.closest('svg').getBoundingClientRect())",
  );
  for (const share of begins) expect(Math.abs(share * 60 - 20)).toBeLessThan(1);
});

test('a cause leads to its moment · all pictures on one axis, and what happened there is said', async () => {
  await page.locator('ol.causes button').first().click();
  const [from = 0, , width = 0] = await viewBox();
  const atSecond = ((from + width / 2) / 1600) * 60;
  expect(Math.abs(atSecond - 21)).toBeLessThan(2);
  const boxes = await of<string>(
    'svg[data-h]',
    "element.getAttribute('viewBox').split(' ').filter((_, index) => index % 2 === 0).join()",
  );
  expect(new Set(boxes).size).toBe(1);
  expect(await text('#said')).toMatch(/^0:2\d · .*network froze once/);
});

test('a keyboard is enough · moment, zoom and the whole call', async () => {
  await page.locator('#moment').focus();
  await page.keyboard.press('Home');
  expect(await text('#said')).toMatch(/^0:00/);
  for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight');
  expect(await text('#said')).toMatch(/^0:05/);
  await page.locator('#whole').press('Enter');
  expect(await viewBox()).toEqual([0, 0, 1600, 44]);
  await page.locator('#in').press('Enter');
  expect((await viewBox())[2]).toBe(800);
  await page.locator('#whole').press('Enter');
});

test('a pointer · the cursor crosses all plots, and a drag zooms', async () => {
  const box = await page.locator('.plot .lanes').first().boundingBox();
  if (box === null) throw new Error('no plot');
  await page.mouse.move(box.x + box.width / 2, box.y + 10);
  expect(await text('#said')).toMatch(/^0:30/);
  const lines = await of<string>(
    '.cursor',
    "element.style.display + ',' + Math.round(Number.parseFloat(element.style.left))",
  );
  expect(new Set(lines)).toEqual(new Set(['block,50']));
  expect(await text('.plot .name b')).toMatch(/^\d.* kbit\/s$/);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 10);
  await page.mouse.up();
  const [from = 0, , width = 0] = await viewBox();
  expect([Math.round(from / 10), Math.round(width / 10)]).toEqual([80, 40]);
});

test.each(['light', 'dark'] as const)(
  'text has a contrast of 4.5 in %s (WCAG 1.4.3)',
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const pairs = ['--fg', '--dim', '--focus'].flatMap((text) =>
      ['--bg', '--panel'].map((ground) => [text, ground] as const),
    );
    const colours = await page.evaluate<Record<string, string>>(
      `Object.fromEntries(['--fg', '--dim', '--focus', '--bg', '--panel'].map((name) => [name, getComputedStyle(document.documentElement).getPropertyValue(name).trim()]))`,
    );
    for (const [front, ground] of pairs)
      expect(contrast(colours[front] ?? '', colours[ground] ?? '')).toBeGreaterThan(4.5);
  },
);

test('printed · without buttons, with its pictures', async () => {
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.bar').isVisible()).toBe(false);
  expect(await page.locator('svg.curve').first().isVisible()).toBe(true);
  await page.setViewportSize({ width: 760, height: 800 });
  expect(await of<boolean>('.scroll', 'element.scrollWidth <= element.clientWidth')).toEqual([true]);
  const pdf = await page.pdf();
  expect(pdf.length).toBeGreaterThan(10_000);
  await page.emulateMedia({ media: 'screen' });
});
