export { type OpenEntryOptions, openEntry } from './entry/open-entry.ts';
export { ArchiveError, type ArchiveErrorCode } from './errors.ts';
export type { TrackKind, TrackType } from './metadata/track-types.ts';
export {
  type OpenedRecording,
  type OpenOptions,
  openRecording,
  type ReadingLimits,
  type RecordedTrack,
} from './open.ts';
export type * from './recording.ts';
export type { ByteSource } from './source/byte-source.ts';
export { openFileSource } from './source/file-source.ts';
export { memorySource } from './source/memory-source.ts';
