import type { Context } from '../context.ts';
import type { MediaSettings } from './media-settings.ts';

/** Asks ffmpeg, where it will be needed, what it can do: it answers while the recording is opened, and the run finds the answer. */
export async function lookForFfmpeg(
  { request, verify = false }: Pick<MediaSettings, 'request' | 'verify'>,
  { env, packages }: Pick<Context, 'env' | 'packages'>,
): Promise<void> {
  const { ffmpegNeedsOf, knownFfmpeg } = await packages.ffmpeg();
  // What is wrong with it is the run's to tell.
  if (ffmpegNeedsOf(request, verify).program)
    knownFfmpeg(env.FFMPEG_PATH || undefined).catch(() => undefined);
}
