import { join } from 'node:path';
import { type Delivered, deliver } from '@rawreel/delivery';
import type { Handler, Outputs } from '@rawreel/jobs';
import { MANIFEST_NAME, type PlanRequest } from '@rawreel/processor';
import { isAddress } from '@rawreel/storage/address';
import { cacheOf } from './cache.ts';
import { currentLink } from './current-link.ts';
import { attemptFailure, failureOf } from './failures.ts';
import type { StreamApp } from './stream-app.ts';
import { destinationFor } from './template.ts';

export interface HandlerOptions {
  /** Asked for new links, with the first secret of each. */
  readonly apps: readonly StreamApp[];
  /** A folder, or `s3://bucket/prefix`. */
  readonly output: string;
  readonly template: string;
  readonly make: PlanRequest['outputs'];
  /** Whether every file is read back and compared with its source. */
  readonly verify: boolean;
  /** What is read of a recording stays here until the recording comes to an end. */
  readonly cacheFolder: string;
  readonly ffmpegPath?: string | undefined;
  readonly madeBy: string;
  /** How many bytes of an archive came over a network, once its files are stored. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/**
 * Makes the files of a recording and stores them, whole or not at all; what an attempt before has made of the same content is
 * kept. Every error is an `AttemptFailure`, but for those that the signal leads to.
 */
export function createRecordingHandler(options: HandlerOptions): Handler {
  return async ({ recordingId, recording, signal, stage }) => {
    try {
      await stage('downloading');
      const input = await currentLink(recording, { apps: options.apps, signal });
      const { apiKey, callCid, sessionId, link } = recording;
      const named = { apiKey, callCid, sessionId, startMs: link?.startMs ?? 0 };
      let storing: Promise<void> | undefined;
      const delivered = await deliver(
        {
          input,
          output: destinationFor(options.output, options.template, named),
          plan: { outputs: options.make },
          remote: { cacheFolder: cacheOf(options.cacheFolder, recordingId) },
          resume: 'keep',
          verify: options.verify,
          ffmpegPath: options.ffmpegPath,
          madeBy: options.madeBy,
        },
        {
          signal,
          onPlan: () => stage('processing'),
          onMade: () => {
            storing = stage('storing');
            // It is awaited when the files are where they belong.
            storing.catch(() => undefined);
          },
        },
      );
      await storing;
      options.onRead?.(delivered.transferred ?? 0);
      const failure = failureOf(delivered.report);
      if (failure !== undefined) throw failure;
      return outputsOf(delivered);
    } catch (error) {
      throw signal.aborted ? error : attemptFailure(error, options.output);
    }
  };
}

function outputsOf({ report: { files }, destination }: Delivered): Outputs {
  return {
    destination,
    files: files.length,
    bytes: files.reduce((sum, { byteLength }) => sum + byteLength, 0),
    manifest: isAddress(destination) ? `${destination}/${MANIFEST_NAME}` : join(destination, MANIFEST_NAME),
  };
}
