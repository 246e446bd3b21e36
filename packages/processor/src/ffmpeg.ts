/**
 * Of ffmpeg, what a program may begin with before it loads the rest: a tenth of a second passes until one has told of its
 * encoders.
 *
 * @module
 */
export { knownFfmpeg } from './ffmpeg/known-ffmpeg.ts';
export { ffmpegNeedsOf } from './plan/ffmpeg-needs.ts';
