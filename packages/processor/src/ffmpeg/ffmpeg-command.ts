import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';

/**
 * What fluent-ffmpeg 2.1.3 does before each run: it keeps one path for the whole process, and asks the program for its
 * formats and encoders, two processes whose answers are not used here.
 */
interface Asking {
  _getFfmpegPath?: (done: (error: null, path: string) => void) => void;
  _checkCapabilities?: (done: (error?: Error) => void) => void;
  availableEncoders: (done: (error: Error | null, encoders: object) => void) => void;
}

/**
 * A command for the ffmpeg at a path, else the one on the search path, that starts no other process than itself. What it
 * needs has been looked for before (`known-ffmpeg.ts`).
 */
export function ffmpegCommand(ffmpegPath: string | undefined): FfmpegCommand {
  const command = ffmpeg();
  const asking = command as unknown as Asking;
  asking._getFfmpegPath = (done) => done(null, ffmpegPath ?? 'ffmpeg');
  asking._checkCapabilities = (done) => done();
  asking.availableEncoders = (done) => done(null, {});
  return command;
}
