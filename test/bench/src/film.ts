import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { making, output, WORK } from './inputs.ts';
import { type MeasuredTree, measureTree } from './measure-tree.ts';

/** Loaded into the process that is measured, whose own peak it notes: ffmpeg's is not Node's. */
const NOTE_PEAK = join(dirname(fileURLToPath(import.meta.url)), 'note-peak.mjs');

export interface MeasuredFilm extends MeasuredTree {
  readonly path: string;
  /** Of Node itself. */
  readonly peakMiB: number;
}

/** A film, made by the command line. */
export async function filmOf(archive: string, ...options: string[]): Promise<MeasuredFilm> {
  const peak = join(WORK, 'peak');
  process.env['PEAK'] = peak;
  const work = making('film', 'composite', archive, ...options);
  const [node, ...args] = work.command;
  const measured = await measureTree({ ...work, command: [node, '--import', NOTE_PEAK, ...args] });
  const path = join(output, readdirSync(output).find((file) => file.endsWith('.mp4')) ?? '');
  return { ...measured, path, peakMiB: Math.round(Number(readFileSync(peak, 'utf8'))) };
}
