import type { Delivered } from '@rawreel/delivery';
import type { ListedRecording } from '@rawreel/recording-control';
import type { Context } from '../context.ts';
import type { Program } from '../declare/program.ts';
import { makeFiles } from '../make/make-files.ts';
import { allOutputs } from '../make/media-settings.ts';
import type { RecordingFiles } from '../options/recordings.ts';
import { remoteSettings } from '../options/remote.ts';

/** Makes media of a recording that lies at Stream, as `process-all` does: what is read of it is cached as of any link. */
export async function processRecording(
  { url }: ListedRecording,
  options: RecordingFiles & { readonly mix: boolean; readonly output: string },
  context: Context,
  program: Program,
): Promise<Delivered> {
  const { output, mix, name, skipExisting, overwrite, json, quiet, progress, verbose, acceptDamage } =
    options;
  const settings = {
    input: { flag: '--input-s3', path: url },
    remote: remoteSettings(options),
    request: { outputs: allOutputs(mix), gaps: 'fill', dtx: 'fill', align: 'track', name },
    resume: skipExisting ? 'keep' : 'anew',
    overwrite,
    json,
    quiet,
    progress,
    verbose,
    acceptDamage,
  } as const;
  return await makeFiles(settings, output, context, program);
}

/** A recording without its link: anyone who reads a log could open it with that. */
export function withoutLink({ url, ...recording }: ListedRecording): Omit<ListedRecording, 'url'> {
  return recording;
}
