export { flawOfPicture } from './composite/art/flaw-of-picture.ts';
export { type DrawnNames, lookForLetters } from './composite/art/look-for-letters.ts';
export { lackingPictures, PICTURE_ENCODERS, SOUND_ENCODERS } from './ffmpeg/encoders.ts';
export { type Ffmpeg, findFfmpeg, lookForFfmpeg, type NoFfmpeg } from './ffmpeg/find-ffmpeg.ts';
export { hardwareEncodersOf, tryEncoder } from './ffmpeg/hardware-encoders.ts';
export { howToInstallFfmpeg, isHiddenFromSnap, whereIs } from './ffmpeg/where-is.ts';
export { csvOf } from './inspect/csv.ts';
export { type HtmlOptions, htmlOf } from './inspect/html/page.ts';
export type * from './inspect/inspection.ts';
export type { FrameLine } from './inspect/lines/frame-lines.ts';
export type { PacketFate, PacketLine } from './inspect/lines/packet-lines.ts';
export type * from './jobs/progress.ts';
export { readDisplayNames } from './plan/display-names.ts';
export { type FfmpegNeeds, ffmpegNeedsOf } from './plan/ffmpeg-needs.ts';
export type * from './plan/plan.ts';
export { planRecording } from './plan/plan-recording.ts';
export { flawOfScenes } from './plan/scene-list.ts';
export { readStreamLayout, type StreamLayout } from './plan/stream-layout.ts';
export { ProcessorError, type ProcessorErrorCode } from './processor-error.ts';
export {
  MANIFEST_NAME,
  type Manifest,
  mergedManifest,
  parseManifest,
  readManifest,
} from './report/manifest.ts';
export type { ManifestFile } from './report/manifest-entry.ts';
export type * from './report/report.ts';
export { type FrameSource, type FramesOptions, framesOf, type RecordedFrame } from './run/frames-of.ts';
export {
  captureRecording,
  frameLinesOf,
  packetLinesOf,
  type ReadOptions,
} from './run/inspect-lines.ts';
export { type InspectOptions, inspectRecording } from './run/inspect-recording.ts';
export { type MadeTranscript, makeTranscript } from './run/make-transcript.ts';
export { type NamedFile, NamedFiles } from './run/named-files.ts';
export type { RunOptions } from './run/run-options.ts';
export { runPlan } from './run/run-plan.ts';
export type { TranscriptOptions } from './run/transcript-options.ts';
export { openWorkFolder, type WorkFolder } from './run/work-folder.ts';
export { type ScrubOptions, scrubRecording } from './scrub/scrub-recording.ts';
export * from './transcript/index.ts';
