import type { Doors } from './doors.ts';

/** Where text goes. A terminal says so through `isTTY`, and how wide and high it is. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** All that a command may know of the process it runs in, so that a test can be the process. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  /** Aborts with an {@link Interruption} as its reason. */
  readonly signal: AbortSignal;
  readonly doors: Doors;
  readonly machine: Machine;
}

/** The variables that are looked at, and no others. */
export interface Environment {
  /** https://no-color.org: set and not empty means none. */
  readonly NO_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
  readonly PATH?: string | undefined;
  /** The ffmpeg to use instead of the one on the PATH. */
  readonly FFMPEG_PATH?: string | undefined;
}

export interface Machine {
  /** Without the leading `v`. */
  readonly nodeVersion: string;
  readonly platform: string;
  readonly arch: string;
  readonly workingFolder: string;
}

/** Why work was broken off, and what the shell is told: 128 plus the number of the signal. */
export interface Interruption {
  readonly signalName: 'SIGINT' | 'SIGTERM';
  readonly exitCode: 130 | 143;
}
