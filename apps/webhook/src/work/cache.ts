import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { END_STATES, type Ledger } from '@rawreel/jobs';

/** What is read of one recording, for its next attempt on this machine. */
export const cacheOf = (folder: string, recordingId: string): string => join(folder, recordingId);

const RECORDING_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Removes what was kept of recordings that have come to an end, here or on another machine. */
export async function sweepCache(folder: string, ledger: Pick<Ledger, 'recording'>): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => RECORDING_ID.test(name))) {
    const recording = await ledger.recording(name);
    if (recording === undefined || END_STATES.has(recording.state))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
