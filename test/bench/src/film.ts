import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { making, output, WORK } from './inputs.ts';
import { type MeasuredTree, measureTree } from './measure-tree.ts';

/** Loaded into the process that is measured, whose own peak it notes: ffmpeg's is not Node's. */
const NOTE_PEAK = join(dirname(fileURLToPath(import.meta.url)), 'note-peak.mjs');

export interface MeasuredFilm extends MeasuredTree {
  readonly path: string;
  /** Sizes in which cameras and screens are seen in its first scene. */
  readonly seen: readonly Seen[];
  /** Of Node itself. */
  readonly peakMiB: number;
}

export interface Seen {
  readonly width: number;
  readonly height: number;
}

/** A film, made by the command line. */
export async function filmOf(archive: string, ...options: string[]): Promise<MeasuredFilm> {
  const peak = join(WORK, 'peak');
  process.env['PEAK'] = peak;
  const work = making('film', 'composite', archive, ...options);
  const [node, ...args] = work.command;
  const measured = await measureTree({ ...work, command: [node, '--import', NOTE_PEAK, ...args] });
  const madeFile = (isIt: (file: string) => boolean) => join(output, readdirSync(output).find(isIt) ?? '');
  const path = madeFile((file) => file.endsWith('.mp4'));
  const seen = seenIn(madeFile((file) => file.startsWith('scenes_')));
  return { ...measured, path, seen, peakMiB: Math.round(Number(readFileSync(peak, 'utf8'))) };
}

interface Scenes {
  readonly scenes: readonly {
    readonly tiles: readonly { readonly source?: object; readonly place: Seen }[];
  }[];
}

function seenIn(path: string): Seen[] {
  const { scenes } = JSON.parse(readFileSync(path, 'utf8')) as Scenes;
  return (scenes[0]?.tiles ?? []).flatMap(({ source, place }) => (source === undefined ? [] : [place]));
}
