import { type Delivered, deliver, isDestination } from '@rawreel/delivery';
import type { Plan, RunOptions } from '@rawreel/processor';
import type { Context } from '../context.ts';
import type { Program } from '../declare/program.ts';
import { UsageError } from '../failure/errors.ts';
import { remoteFor } from '../remote/open-input.ts';
import { showTransfer } from '../remote/transfer-progress.ts';
import { barProgress } from '../terminal/bar-progress.ts';
import { canRedraw, coloursFor } from '../terminal/colour.ts';
import { plainProgress } from '../terminal/plain-progress.ts';
import { NO_PROGRESS, type Progress } from '../terminal/progress.ts';
import { lookForFfmpeg } from './look-for-ffmpeg.ts';
import type { MediaSettings } from './media-settings.ts';
import { planMedia } from './plan-media.ts';

/**
 * @param output a folder, or `s3://bucket/prefix`
 * @throws UsageError for an output that takes no files
 */
export async function makeFiles(
  settings: MediaSettings,
  output: string,
  context: Context,
  { version }: Program,
  onInspection?: RunOptions['onInspection'],
): Promise<Delivered> {
  if (!isDestination(output)) {
    const shown = output.replace(/[?#].*$/s, '?…');
    throw new UsageError(`--output takes a folder or s3://bucket/prefix, not "${shown}"`);
  }
  const { input, limits, resume, overwrite = false, verify, workers, maxOutput: maxOutputBytes } = settings;
  const { signal, stderr, env, packages } = context;
  await lookForFfmpeg(settings, context);
  const isTold = settings.progress && settings.isOneOfMany !== true;
  const transfer = showTransfer(settings.quiet || !isTold, context);
  let progress = NO_PROGRESS;
  const onAbort = () => {
    progress.stop();
    if (stderr.isTTY && settings.isOneOfMany !== true)
      stderr.write('Stopping and cleaning up. Press Ctrl-C again to quit at once.\n');
  };
  const endProgress = () => {
    transfer.pause();
    signal.removeEventListener('abort', onAbort);
    progress.stop();
  };
  try {
    return await deliver(
      {
        input: input.path,
        description: input.shown,
        output,
        limits,
        remote: await remoteFor(settings.remote, input.path, output),
        plan: async (recording) => await planMedia(settings, recording, await packages.processor()),
        resume,
        overwrite,
        verify,
        workers,
        maxOutputBytes,
        ffmpegPath: env.FFMPEG_PATH || undefined,
        madeBy: `rawreel ${version}`,
      },
      {
        signal,
        onTransfer: transfer.onTransfer,
        onPlan: async (plan) => {
          progress = await progressFor(plan, settings, context);
          transfer.handOver(progress.onTransfer);
          signal.addEventListener('abort', onAbort, { once: true });
        },
        onProgress: (event) => {
          if (!signal.aborted) progress.onProgress(event);
        },
        onMade: endProgress,
        onInspection,
      },
      packages,
    );
  } finally {
    endProgress();
  }
}

async function progressFor(
  plan: Plan,
  { quiet, json, progress, isOneOfMany }: MediaSettings,
  { stderr, env }: Context,
): Promise<Progress> {
  if (quiet || !progress || isOneOfMany) return NO_PROGRESS;
  if (canRedraw(stderr, env))
    return await barProgress({ plan, output: stderr, colours: coloursFor(stderr, env) });
  return json ? NO_PROGRESS : plainProgress(plan, stderr);
}
