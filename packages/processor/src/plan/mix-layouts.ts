import { ProcessorError } from '../processor-error.ts';
import type { MixFormat } from './plan.ts';

/** Formats that keep users apart, and the most channels or tracks that their headers, or most programs, can take. */
const MOST_USERS: Partial<Readonly<Record<MixFormat, number>>> = { wav: 65_535, mkv: 127 };

/** @throws {ProcessorError} ERR_MIX_LAYOUT where the format cannot keep so many users apart. */
export function checkPerUser(format: MixFormat, users: number): void {
  const most = MOST_USERS[format];
  if (most === undefined) {
    throw new ProcessorError('ERR_MIX_LAYOUT', `${format} cannot hold a channel or track per user`, {
      hint: 'Choose mkv, with a track per user, or wav, with a channel per user.',
    });
  }
  if (users > most)
    throw new ProcessorError('ERR_MIX_LAYOUT', `${format} holds ${most} users at most, not ${users}`);
}
