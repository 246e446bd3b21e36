import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFor } from '@rawreel/delivery';
import { isAddress } from '@rawreel/storage/address';
import type { Context } from '../context.ts';
import type { Program } from '../declare/program.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { explain } from '../failure/explain-error.ts';
import { remoteSettings } from '../options/remote.ts';
import { remoteOf } from '../remote/open-input.ts';
import type { Connected } from '../stream/connect-to-stream.ts';
import { processRecording } from '../stream/process-recording.ts';
import { safeFileName } from '../stream/safe-file-name.ts';
import { count } from '../terminal/format-values.ts';
import { StatusLine } from '../terminal/status-line.ts';
import type { SweepAction, SweepSettings, SweptFiles } from './sweep-settings.ts';
import type { Outcome, SweptRecording } from './sweep-types.ts';

export type Work = (recording: SweptRecording) => Promise<Omit<Outcome, 'recording'>>;

/** What would be done, and where it would be. */
export function planned({ action, files }: SweepSettings): Work {
  return async (recording) => {
    const path = files && pathOf(recording, action, files);
    const isThere =
      action === 'download' && files?.skipExisting && path !== undefined && (await exists(path));
    return { state: isThere ? 'alreadyThere' : 'listed', path, exitCode: EXIT.whole };
  };
}

export async function workOf(
  settings: SweepSettings,
  { control, library }: Connected,
  context: Context,
  program: Program,
): Promise<Work> {
  const { action, files } = settings;
  const { signal } = context;
  if (action === 'delete') {
    return async (recording) => {
      const { state } = await control.delete(library.parseCallRef(recording.call), recording, { signal });
      return { state, exitCode: EXIT.whole };
    };
  }
  if (files === undefined) return async () => ({ state: 'listed', exitCode: EXIT.whole });
  if (action === 'download') {
    const { downloadFile } = await context.packages.storage();
    const cache = await cacheFor(await remoteOf(remoteSettings(files)), context.packages);
    return async (recording) => {
      const path = pathOf(recording, action, files);
      // It is there whole or not at all.
      if (files.skipExisting && (await exists(path)))
        return { state: 'alreadyThere', path, exitCode: EXIT.whole };
      await downloadFile(recording.url, path, { ...cache, signal });
      return { state: 'downloaded', path, exitCode: EXIT.whole };
    };
  }
  return async (recording) => {
    const path = pathOf(recording, action, files);
    const { report } = await processRecording(recording, { ...files, output: path }, context, program);
    const exitCode = exitCodeOf(report, files.acceptDamage);
    const isKept = report.alreadyMade.length === report.files.length;
    const state = exitCode === EXIT.failed ? 'failed' : isKept ? 'alreadyThere' : 'processed';
    return { state, path, exitCode };
  };
}

/** A failure does not stop the others; an interruption loses none of what was done. */
export async function workThrough(
  recordings: readonly SweptRecording[],
  work: Work,
  { action, parallel, hasProgress }: SweepSettings,
  context: Context,
): Promise<readonly Outcome[]> {
  const { signal } = context;
  const outcomes: Outcome[] = [];
  const line = new StatusLine(context);
  const queue = recordings.entries();
  let done = 0;
  const worker = async () => {
    for (const [index, recording] of queue) {
      if (signal.aborted) outcomes[index] = { recording, state: 'interrupted', exitCode: EXIT.failed };
      else {
        try {
          outcomes[index] = { recording, ...(await work(recording)) };
        } catch (error) {
          outcomes[index] = signal.aborted
            ? { recording, state: 'interrupted', exitCode: EXIT.failed }
            : { recording, state: 'failed', error: explain(error), exitCode: EXIT.failed };
        }
      }
      done += 1;
      if (action !== 'process' && hasProgress)
        line.show(() => `${done} of ${count(recordings.length, 'recording')}`);
    }
  };
  // Making media uses all of the machine by itself.
  const workers = action === 'process' ? 1 : Math.min(parallel, recordings.length);
  try {
    await Promise.all(Array.from({ length: workers }, worker));
  } finally {
    line.clear();
  }
  return outcomes;
}

/** By call, session and name, which together are a recording's own. */
function pathOf(
  { call, session, filename }: SweptRecording,
  action: SweepAction,
  { output }: SweptFiles,
): string {
  const last = action === 'process' ? filename.replace(/\.[^.]+$/, '') : filename;
  const parts = [call.replace(':', '_'), session, last].map(safeFileName);
  return isAddress(output) ? [output.replace(/\/+$/, ''), ...parts].join('/') : join(output, ...parts);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
