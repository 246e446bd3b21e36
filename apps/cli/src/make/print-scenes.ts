import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SceneList } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Program } from '../declare/program.ts';
import { clockTenths, count } from '../terminal/format-values.ts';
import { makeFiles } from './make-files.ts';
import type { MediaSettings } from './media-settings.ts';

/** Prints who would be seen when in the composite that is asked for, if one is; all of the recording is read for it. */
export async function printScenes(
  settings: MediaSettings,
  context: Context,
  program: Program,
): Promise<void> {
  const { request } = settings;
  if (!request.outputs.includes('composite')) return;
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-scenes-'));
  try {
    const only = {
      ...request,
      outputs: ['composite'] as const,
      composite: { ...request.composite, film: false },
    };
    const { report } = await makeFiles(
      { ...settings, request: only, progress: false },
      folder,
      context,
      program,
    );
    for (const { path } of report.files.filter(({ kind }) => kind === 'scenes'))
      context.stdout.write(scenesText(JSON.parse(await readFile(join(folder, path), 'utf8')) as SceneList));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const SHOWN = { camera: '', share: ' (screen)', initials: ' (no camera)' } as const;

function scenesText({ scenes, durationMs }: SceneList): string {
  const lines = scenes.map(({ startMs, tiles }) => {
    const seen = tiles.map(({ userId, show }) => `${printable(userId)}${SHOWN[show]}`);
    return `  ${clockTenths(startMs).padStart(9)}  ${seen.length === 0 ? 'nobody' : seen.join(', ')}\n`;
  });
  return `\n${count(scenes.length, 'scene')} in ${clockTenths(durationMs)}\n${lines.join('')}`;
}
