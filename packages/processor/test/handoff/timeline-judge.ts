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
  readonly start: number | null;
  /** Of the times of all clips. */
  readonly rates: readonly number[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly tracks: readonly {
    readonly kind: string;
    readonly name: string;
    readonly clips: readonly {
      readonly name: string;
      readonly from: number;
      readonly to: number;
      readonly in: number;
      readonly url: string | null;
      readonly media: readonly [from: number, to: number] | null;
      readonly enabled: boolean;
    }[];
  }[];
  readonly markers: readonly (readonly [name: string, from: number, length: number, colour: string])[];
}

type Texts = readonly (string | null)[];
type Attributes = Readonly<Record<string, string>>;

export interface JudgedPremiere {
  readonly timeline: JudgedTimeline;
  readonly rates: readonly Texts[];
  readonly duration: string;
  readonly start: Texts;
  readonly size: Texts;
  readonly items: readonly Texts[];
  readonly files: readonly Texts[];
  readonly markers: readonly Texts[];
}

export interface JudgedFcpxml {
  readonly timeline: JudgedTimeline;
  readonly formats: readonly Attributes[];
  readonly assets: readonly Attributes[];
  readonly sequence: Attributes;
  readonly clips: readonly Attributes[];
  readonly markers: readonly (readonly [name: string, start: string, duration: string])[];
}

export interface JudgedProject {
  readonly settings: Readonly<Record<string, readonly string[]>>;
  readonly tracks: readonly {
    readonly name: string;
    readonly items: readonly (readonly [position: string, length: string, offset: string, file: string])[];
    readonly shown: readonly (readonly [name: string, source: string, muted: string])[];
  }[];
  readonly markers: readonly (readonly string[])[];
}

export interface JudgedWave {
  readonly channels?: readonly string[];
  /** Samples, of iXML. */
  readonly timestamp?: number;
  /** Samples, of bext. */
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
