import { ProcessorError } from '../processor-error.ts';
import { MOST_USERS_APART } from './choices.ts';
import type { MixFormat } from './plan.ts';

/** @throws {ProcessorError} ERR_MIX_LAYOUT where the format cannot keep so many users apart. */
export function checkPerUser(format: MixFormat, users: number): void {
  const most = MOST_USERS_APART[format];
  if (most === undefined) {
    throw new ProcessorError('ERR_MIX_LAYOUT', `${format} cannot hold a channel or track per user`, {
      hint: 'Choose mkv, with a track per user, or wav, with a channel per user.',
    });
  }
  if (users > most)
    throw new ProcessorError('ERR_MIX_LAYOUT', `${format} holds ${most} users at most, not ${users}`, {
      hint: 'Mix some of them: choose users. A wav holds the most, a channel for each.',
    });
}
