import type { Packages } from './lazy-packages.ts';

/** Where text goes. A terminal says so through `isTTY`, and how wide and high it is. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** What is typed, or comes from a file or pipe. A terminal says so through `isTTY`. */
export interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
}

/** All that a command may know of the process that it runs in, so that a test can stand in for the process. */
export interface Context {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  /** Aborts with an {@link Interruption} as its reason. */
  readonly signal: AbortSignal;
  readonly packages: Packages;
  readonly machine: Machine;
}

/** The variables that are looked at, and no others. */
export interface Environment {
  /** https://no-color.org: set and not empty means none. */
  readonly NO_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
  /** Set where nobody watches, whatever the terminal says. */
  readonly CI?: string | undefined;
  readonly PATH?: string | undefined;
  readonly HOME?: string | undefined;
  /** The ffmpeg to use instead of the one on the PATH. */
  readonly FFMPEG_PATH?: string | undefined;
  readonly STREAM_API_KEY?: string | undefined;
  readonly STREAM_API_SECRET?: string | undefined;
  /** Another server than Stream's own. */
  readonly STREAM_BASE_URL?: string | undefined;
  /** Of the service that is asked by `rawreel jobs`. */
  readonly RAWREEL_API_URL?: string | undefined;
  readonly RAWREEL_API_TOKEN?: string | undefined;
}

export interface Machine {
  /** Without the leading `v`. */
  readonly nodeVersion: string;
  readonly platform: string;
  readonly arch: string;
  readonly workingFolder: string;
  /** Undefined where users have no numbers, as on Windows. */
  readonly userId: number | undefined;
  /** Where the system wants this user's settings of this program; it need not be there. Undefined: this user has no such place. */
  configFolder(): Promise<string | undefined>;
}

/** Why work was interrupted, and the exit code: 128 plus the number of the signal. */
export interface Interruption {
  readonly signalName: 'SIGHUP' | 'SIGINT' | 'SIGTERM';
  readonly exitCode: 129 | 130 | 143;
}
