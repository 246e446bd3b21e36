import { join } from 'node:path';
import { type Delivered, deliver } from '@rawreel/delivery';
import type { Handler, Outputs, RecordingWithHistory } from '@rawreel/jobs';
import { MANIFEST_NAME } from '@rawreel/processor';
import type { ListedRecording } from '@rawreel/recording-control';
import { isAddress } from '@rawreel/storage/address';
import { cacheOf } from './cache.ts';
import { currentLink } from './current-link.ts';
import { attemptFailure, failureOf } from './failures.ts';
import { callTypeOf, type OutputSettingsOf } from './output-settings.ts';
import type { StreamApp } from './stream-app.ts';
import { destinationFor } from './template.ts';

export interface HandlerOptions {
  /** Asked for new links, with the first secret of each. */
  readonly apps: readonly StreamApp[];
  /** What is made of the recordings of a call type, and where it goes. */
  readonly makingOf: OutputSettingsOf;
  /** What is read of a recording stays here until the recording comes to an end. */
  readonly cacheFolder: string;
  readonly ffmpegPath?: string | undefined;
  /** Told of what Stream lists of a recording whose link had to be fetched anew. */
  readonly onListed?: ((recording: RecordingWithHistory, listed: ListedRecording) => void) | undefined;
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
    const { plan, output, template, verify } = options.makingOf(callTypeOf(recording.callCid));
    try {
      await stage('downloading');
      const input = await currentLink(recording, {
        apps: options.apps,
        signal,
        onListed: (listed) => options.onListed?.(recording, listed),
      });
      const { apiKey, callCid, sessionId, link } = recording;
      const named = { apiKey, callCid, sessionId, startMs: link?.startMs ?? 0 };
      let storing: Promise<void> | undefined;
      const delivered = await deliver(
        {
          input,
          output: destinationFor(output, template, named),
          plan,
          remote: { cacheFolder: cacheOf(options.cacheFolder, recordingId) },
          resume: 'keep',
          verify,
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
      throw signal.aborted ? error : attemptFailure(error, output);
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
