import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../tooling/setup/find-chromium.mjs';

const PAGE = join(import.meta.dirname, 'player');

export interface LoadedVideo {
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
}

export interface PlayedVideo {
  readonly endedAtMs: number;
  readonly pictures: number;
  readonly corrupted: number;
  readonly soundBytes: number;
  /** Each in turn, `320x192`. */
  readonly sizes: readonly string[];
}

export interface ShownPicture {
  /** When the picture itself is due. */
  readonly ms: number;
  readonly width: number;
  readonly height: number;
  /** 320×192. */
  readonly luma: Uint8Array;
}

/** A cue of a track of text. */
export interface ShownCue {
  readonly startMs: number;
  readonly endMs: number;
  /** As it is read on the screen. */
  readonly text: string;
}

/** A video element of a real Chromium, for the files of one folder. */
export interface Player extends AsyncDisposable {
  load(file: string): Promise<LoadedVideo>;
  playToEnd(): Promise<PlayedVideo>;
  pictureAt(ms: number): Promise<ShownPicture>;
  /** All of a file's, which are shown from then on. */
  captionsOf(file: string): Promise<readonly ShownCue[]>;
  /** Those that are shown at a moment, where others were shown before. */
  captionsAt(ms: number): Promise<readonly string[]>;
  /** All of a file's, for a page to list and jump to. */
  chaptersOf(file: string): Promise<readonly ShownCue[]>;
  /** Decoded by Web Audio: 48 kHz, first channel. */
  soundOf(file: string): Promise<Float32Array>;
}

/** @throws Error where the machine has no Chromium. */
export async function openPlayer(folder: string): Promise<Player> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'no Chromium: install one, or name it with CHROMIUM_PATH (`npm test` installs it on Debian)',
    );
  }
  const server = await serve(folder);
  const browser = await chromium.launch({
    executablePath,
    args: ['--autoplay-policy=no-user-gesture-required'],
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/player.html`);
  return {
    load: (file) => call(page, 'load', encodeURIComponent(file)),
    playToEnd: () => call(page, 'playToEnd'),
    pictureAt: async (ms) => {
      const { luma, ...shown } = await call<ShownPicture & { luma: string }>(page, 'pictureAt', ms);
      return { ...shown, luma: Buffer.from(luma, 'base64') };
    },
    captionsOf: (file) => call(page, 'captionsOf', encodeURIComponent(file)),
    chaptersOf: (file) => call(page, 'chaptersOf', encodeURIComponent(file)),
    captionsAt: (ms) => call(page, 'captionsAt', ms),
    soundOf: async (file) => {
      const bytes = Buffer.from(await call<string>(page, 'soundOf', encodeURIComponent(file)), 'base64');
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const call = <Answer>(page: Page, name: string, ...given: readonly (string | number)[]): Promise<Answer> =>
  page.evaluate<Answer>(`${name}(${given.map((each) => JSON.stringify(each)).join()})`);

/** A folder's files and the page, with ranges: without them a media element cannot seek. */
async function serve(folder: string): Promise<Server> {
  const server = createServer(async ({ url = '/', headers }, response) => {
    const name = basename(decodeURIComponent(url));
    const path = join(name.startsWith('player.') ? PAGE : folder, name);
    const size = await stat(path).then(
      (file) => file.size,
      () => undefined,
    );
    if (size === undefined) {
      response.writeHead(404).end();
      return;
    }
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const start = Number(from);
    const end = Math.min(to === '' ? size - 1 : Number(to), size - 1);
    response.writeHead(headers.range === undefined ? 200 : 206, {
      'Content-Type': TYPES[name.slice(name.lastIndexOf('.'))] ?? 'application/octet-stream',
      'Content-Length': end - start + 1,
      'Accept-Ranges': 'bytes',
      ...(headers.range === undefined ? {} : { 'Content-Range': `bytes ${start}-${end}/${size}` }),
    });
    createReadStream(path, { start, end }).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mp4': 'video/mp4',
  '.vtt': 'text/vtt; charset=utf-8',
};
