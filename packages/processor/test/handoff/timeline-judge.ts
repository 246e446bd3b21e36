import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const HOME = new URL('../../../../tooling/timeline-judge/', import.meta.url);
const PYTHON = fileURLToPath(new URL('.venv/bin/python', HOME));
const READ = fileURLToPath(new URL('read.py', HOME));

export interface JudgedTimeline {
  readonly name: string;
  readonly tracks: readonly {
    readonly kind: string;
    readonly name: string;
    readonly clips: readonly {
      readonly name: string;
      readonly from: number;
      readonly to: number;
      readonly in: number;
      readonly url: string | null;
    }[];
  }[];
  readonly markers: readonly (readonly [name: string, from: number, length: number])[];
}

export interface JudgedFcpxml {
  readonly timeline: JudgedTimeline;
  readonly assets: readonly (readonly [name: string, src: string, duration: string])[];
  readonly markers: readonly (readonly [name: string, start: string])[];
}

export interface JudgedProject {
  readonly tracks: readonly {
    readonly name: string;
    readonly items: readonly (readonly [position: string, length: string, offset: string, file: string])[];
  }[];
  readonly markers: readonly (readonly string[])[];
}

export interface JudgedWave {
  readonly channels?: readonly string[];
  readonly timeReference?: number;
  readonly date?: string;
}

/** What foreign readers find in files, in their order. */
export async function readByOthers(...paths: readonly string[]): Promise<readonly unknown[]> {
  if (!existsSync(PYTHON))
    throw new Error(`What reads timelines is not installed (${PYTHON}): run npm test, which does that first`);
  const { stdout } = await execute(PYTHON, ['-W', 'ignore', READ, ...paths], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as unknown[];
}
