import type { DisplayName } from '../plan/plan.ts';
import type { CommandTemplate } from '../transcript/transcriber/command-line.ts';
import type { RunOptions } from './run-options.ts';

export interface TranscriptOptions {
  /** Folder of a transcription kit, with its manifest. */
  readonly kit: string;
  /** Folder of what was made of its voices. Default: the kit's. */
  readonly transcriptions?: string | undefined;
  /** Folder of the transcript. Default: the kit's. */
  readonly output?: string | undefined;
  readonly names?: Readonly<Record<string, DisplayName>> | undefined;
  /** Run for each voice that has no transcription. */
  readonly command?: CommandTemplate | undefined;
  /** Words to be found in it. */
  readonly search?: string | undefined;
  /** Transcribe also what has one. */
  readonly again?: boolean | undefined;
  /** As of a run: with `keep`, files that would become the same are left as they are. */
  readonly resume?: RunOptions['resume'];
  /** As of a run. */
  readonly overwrite?: RunOptions['overwrite'];
  /** Name and version that the manifest gives as the maker. Default: `rawreel` and this package's version. */
  readonly madeBy?: string | undefined;
  readonly ffmpegPath?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before a voice is transcribed. */
  readonly onVoice?: ((userId: string, number: number, total: number) => void) | undefined;
}
