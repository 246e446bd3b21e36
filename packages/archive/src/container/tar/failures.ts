import type { InflateFailure } from '../../entry/inflate-range.ts';
import { ArchiveError } from '../../errors.ts';
import { excerpt } from '../../excerpt.ts';
import type { ArchiveProblemCode } from '../../recording.ts';
import type { ByteSource } from '../../source/byte-source.ts';
import { describeForeign } from '../detect.ts';

/** What it means for a tar.gz; the phrase follows "the archive". */
export const INFLATE_FAILURES: Record<InflateFailure['kind'], { code: ArchiveProblemCode; phrase: string }> =
  {
    cut: { code: 'ARCHIVE_TRUNCATED', phrase: 'is cut short' },
    checksum: { code: 'ENTRY_DAMAGED', phrase: 'fails its own checksum: some of its bytes are wrong' },
    broken: { code: 'ARCHIVE_TRUNCATED', phrase: 'is damaged and cannot be inflated any further' },
  };

/** @param start of what was taken for a tar */
export function notTar(
  source: ByteSource,
  kind: 'tar' | 'tar.gz',
  start: Uint8Array,
  cause?: Error,
): ArchiveError {
  const { startsWith, hint } = describeForeign(start);
  const inside = start.byteLength === 0 ? 'it cannot be inflated' : `inside, it starts with ${startsWith}`;
  const what =
    kind === 'tar' ? 'is no whole tar: its first header is broken' : `is gzip, but holds no tar: ${inside}`;
  return new ArchiveError('ERR_NOT_AN_ARCHIVE', `${excerpt(source.description)} ${what}`, {
    hint: kind === 'tar' || start.byteLength === 0 ? 'It was damaged on its way. Fetch it again.' : hint,
    cause,
  });
}
