import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ProcessorError } from '../processor-error.ts';
import { MANIFEST_NAME, readManifest } from '../report/manifest.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';
import type { ReportedVoice } from '../report/report.ts';

/** A voice of a kit, as its manifest has it. */
export type Voice = ReportedVoice & ManifestFile;

/** A voice of which all is told that a transcript needs; a name with a folder in it is none of ours. */
function isVoice(file: ManifestFile): file is Voice {
  if (file.kind !== 'voice' || basename(file.path) !== file.path) return false;
  const { userId, offsetMs, durationMs, call, recordingStartsAt, tracks } = file;
  return (
    Array.isArray(tracks) &&
    typeof userId === 'string' &&
    Number.isFinite(offsetMs) &&
    Number.isFinite(durationMs) &&
    typeof call?.type === 'string' &&
    typeof call.id === 'string' &&
    Number.isFinite(Date.parse(recordingStartsAt))
  );
}

/**
 * The voices of a kit, without those of some of a user's microphones where there is one of more of them: their words would be in a
 * transcript twice.
 *
 * @throws {ProcessorError} ERR_NO_KIT; as readManifest
 */
export async function voicesOf(kit: string): Promise<readonly [Voice, ...Voice[]]> {
  const all = (await readManifest(kit)).filter(isVoice);
  const [first, ...others] = all.filter((voice) => !all.some((other) => isPartOf(voice, other)));
  const manifest = join(kit, MANIFEST_NAME);
  if (first === undefined)
    throw new ProcessorError(
      'ERR_NO_KIT',
      `${manifest} ${(await isThere(manifest)) ? 'names no voices' : 'is not there'}`,
      {
        hint: 'Make them first: rawreel transcription-kit --input-file call.zip --output kit',
      },
    );
  const stranger = others.find(
    ({ call }) =>
      call.type !== first.call.type || call.id !== first.call.id || call.sessionId !== first.call.sessionId,
  );
  if (stranger === undefined) return [first, ...others];
  throw new ProcessorError('ERR_NO_KIT', `${kit} has voices of several calls`, {
    hint: 'Make a kit of each call in a folder of its own.',
  });
}

function isPartOf(voice: Voice, other: Voice): boolean {
  const keysOf = ({ tracks }: Voice) =>
    new Set(tracks.map(({ sessionId, trackId }) => JSON.stringify([sessionId, trackId])));
  const [own, others] = [keysOf(voice), keysOf(other)];
  return voice.userId === other.userId && own.size < others.size && [...own].every((key) => others.has(key));
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
