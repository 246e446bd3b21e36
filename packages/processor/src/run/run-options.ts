import type { Inspection } from '../inspect/inspection.ts';
import type { ProgressEvent } from '../jobs/progress.ts';
import type { FetchDumps } from '../read/open-dump.ts';

export interface RunOptions {
  /** Folder of the outputs; made where it is missing. */
  readonly output: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Threads at work at the same time. Default: one per processor, or one where little is to be done. */
  readonly workers?: number | undefined;
  /** Bytes that one entry may inflate to. */
  readonly maxEntrySize?: number | undefined;
  /**
   * Bytes that all outputs may come to: frames that were recorded are written whatever they come to, silence and black only
   * as far as they leave room, and a mix not where it would be silence beyond. By default four times the recorded bytes and
   * 32 MB per track, up to 512 MB, may be filled in.
   */
  readonly maxOutputBytes?: number | undefined;
  /** Called before dumps are read, where they are not all here: `fetch` of the recording that was planned. */
  readonly fetch?: FetchDumps | undefined;
  /** The ffmpeg that makes black frames, MP4, mixes and voices. Default: the one on the search path. */
  readonly ffmpegPath?: string | undefined;
  /** Name and version that outputs and manifest give as their maker. Default: `rawreel` and this package's version. */
  readonly madeBy?: string | undefined;
  /**
   * Reads every output back and compares it with its source: one that differs is not kept, and has failed. One that does not
   * decode because its source does not is kept, and a problem names the track.
   */
  readonly verify?: boolean | undefined;
  /**
   * Whether a file is replaced that has an output's name and is not in the folder's manifest, so that it is somebody's own. Default:
   * true. Otherwise that output fails, and the file is not touched.
   */
  readonly overwrite?: boolean | undefined;
  /**
   * What a person calls the place that finished files are brought to, where they do not stay in `output`: what the manifest names
   * is taken to be there. Default: they stay.
   */
  readonly filesAt?: string | undefined;
  /**
   * `keep` leaves outputs as they are that an earlier such run has made from the same content in the same way; `anew` makes
   * all of them, for a later run to keep. Without it outputs are made anew; a later run keeps them where
   * their content is known without reading it, as of a ZIP.
   */
  readonly resume?: 'keep' | 'anew' | undefined;
  /**
   * Told what happened in the call: its tracks are watched while they are scanned for the outputs. Not called where nothing has
   * to be scanned.
   */
  readonly onInspection?: ((inspection: Inspection) => void) | undefined;
}
