import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Ffmpeg {
  readonly path: string;
  readonly version: string;
  /** Encoder names as `ffmpeg -encoders` lists them. */
  readonly encoders: readonly string[];
}

/**
 * Looks at an ffmpeg: `path`, else the one on the system's search path.
 *
 * @returns undefined where there is none, or what is there does not answer as ffmpeg does.
 */
export async function findFfmpeg(path = 'ffmpeg'): Promise<Ffmpeg | undefined> {
  try {
    const [banner, list] = await Promise.all([
      run(path, ['-hide_banner', '-version'], { timeout: 10_000 }),
      run(path, ['-hide_banner', '-encoders'], { timeout: 10_000, maxBuffer: 4 << 20 }),
    ]);
    const version = /^ffmpeg version (\S+)/m.exec(banner.stdout)?.[1];
    if (version === undefined) return undefined;
    const encoders = Array.from(
      list.stdout.matchAll(/^ [VAS][F.][S.][X.][B.][D.] (\S+)/gm),
      ([, name]) => name ?? '',
    );
    return { path, version, encoders };
  } catch {
    return undefined;
  }
}
