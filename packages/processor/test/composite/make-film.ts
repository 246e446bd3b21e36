import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import type { GeneratedCall } from '@rawreel/fixtures';
// The built package: its worker threads load built files.
import {
  type CompositeRequest,
  planRecording,
  type Report,
  type ReportedComposite,
  type RunOptions,
  runPlan,
  type SceneList,
} from '@rawreel/processor';

export interface MadeFilm {
  readonly report: Report;
  readonly film: ReportedComposite;
  readonly path: string;
  readonly scenes: SceneList;
  /** From the call clock to the film's. */
  readonly shiftMs: number;
}

/** Makes a film of a call in a folder, beside which its archive lies then; small and without names unless told. */
export async function makeFilm(
  call: GeneratedCall,
  output: string,
  request: CompositeRequest = {},
  options: Partial<RunOptions> = {},
): Promise<MadeFilm> {
  const archive = `${output}.zip`;
  await call.writeArchive(archive);
  await using recording = await openRecording(archive);
  const composite = { size: { width: 640, height: 360 }, labels: false, ...request };
  const plan = planRecording(recording, { outputs: ['composite'], composite });
  const report = await runPlan(plan, { madeBy: 'test', verify: true, ...options, output });
  const film = report.files.find((file) => file.kind === 'composite');
  const scenes = report.files.find((file) => file.kind === 'scenes');
  if (film === undefined || scenes === undefined) throw new Error(JSON.stringify(report.failures));
  const { startUnixMs, zeroUnixMs } = call.truth;
  return {
    report,
    film,
    path: join(output, film.path),
    scenes: JSON.parse(await readFile(join(output, scenes.path), 'utf8')),
    shiftMs: startUnixMs - (zeroUnixMs + film.offsetMs),
  };
}
