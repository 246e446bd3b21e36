import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** A file as the manifest tells of it. */
export interface Told {
  readonly kind: string;
  readonly path: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly durationMs: number;
}

const STREAMS_OF: Readonly<Record<string, string>> = { audio: 'audio', video: 'video', muxed: 'audio video' };
/** What containers round, and the last frame's length, which they need not tell. */
const DURATION_TOLERANCE_MS = 100;

/** @returns what ffprobe finds otherwise than the manifest says; undefined: nothing */
export async function probeProblem(path: string, { kind, durationMs }: Told): Promise<string | undefined> {
  const args = ['-v', 'error', '-show_entries', 'stream=codec_type:format=duration', '-of', 'json', path];
  const { stdout, stderr } = await run('ffprobe', args);
  if (stderr !== '') return `ffprobe says ${stderr.trim()}`;
  const found = JSON.parse(stdout) as { streams: { codec_type: string }[]; format: { duration: string } };
  const streams = found.streams
    .map(({ codec_type }) => codec_type)
    .toSorted()
    .join(' ');
  if (streams !== STREAMS_OF[kind]) return `it has ${streams}, as ${kind}`;
  const ms = Number(found.format.duration) * 1000;
  return Math.abs(ms - durationMs) > DURATION_TOLERANCE_MS
    ? `it lasts ${ms} ms, and not ${durationMs}`
    : undefined;
}
