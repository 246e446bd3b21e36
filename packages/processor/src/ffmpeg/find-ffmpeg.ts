import { spawn } from 'node:child_process';
import { printable } from '@rawreel/text';

export interface Ffmpeg {
  readonly path: string;
  readonly version: string;
  /** Encoder names as `ffmpeg -encoders` lists them. */
  readonly encoders: readonly string[];
}

/** Why there is no ffmpeg to be used. */
export interface NoFfmpeg {
  readonly path: string;
  readonly reason: 'missing' | 'not-executable' | 'silent' | 'failed' | 'no-ffmpeg' | 'too-old';
  /** The same as a clause, in printable characters. */
  readonly message: string;
}

const ON_SEARCH_PATH = 'ffmpeg';

/** The first release that understands all that is asked of it. */
const OLDEST = [4, 4] as const;

/** An ffmpeg that lies on a cold disk takes a second. */
const PATIENCE_MS = 10_000;

/** Some builds list 300 encoders in 30 kB; what prints more than this is something else. */
const MOST_BYTES = 4 << 20;

/**
 * Looks at an ffmpeg: `path`, else the one on the system's search path.
 *
 * @returns undefined where there is none, or what is there does not answer as ffmpeg does.
 */
export async function findFfmpeg(path?: string): Promise<Ffmpeg | undefined> {
  const looked = await lookForFfmpeg(path);
  return 'version' in looked ? looked : undefined;
}

/** As {@link findFfmpeg}, and says why there is none. What does not answer in ten seconds is ended, with all that it has started. */
export async function lookForFfmpeg(path = ON_SEARCH_PATH, signal?: AbortSignal): Promise<Ffmpeg | NoFfmpeg> {
  const answer = await askForEncoders(path, signal);
  if ('reason' in answer) return answer;
  const version = /^ffmpeg version (\S+)/m.exec(answer.text)?.[1];
  if (version === undefined) return noFfmpeg(path, 'no-ffmpeg', 'does not answer as ffmpeg does');
  if (isOlderThan(version, OLDEST)) {
    const what = `is ${printable(version)}, too old: ${OLDEST.join('.')} or later is needed`;
    return noFfmpeg(path, 'too-old', what);
  }
  const encoders = Array.from(
    answer.text.matchAll(/^ [VAS][F.][S.][X.][B.][D.] (\S+)/gm),
    ([, name]) => name ?? '',
  );
  return { path, version: printable(version), encoders };
}

/** Whether a version, as ffmpeg names it, is before a release. What names no release was built of a newer state. */
export function isOlderThan(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, ownMajor, ownMinor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (ownMajor === undefined) return false;
  return Number(ownMajor) < major || (Number(ownMajor) === major && Number(ownMinor) < minor);
}

/** The list of encoders from its standard output, and from its standard error the banner, which names the version. */
function askForEncoders(path: string, signal?: AbortSignal): Promise<{ readonly text: string } | NoFfmpeg> {
  return new Promise((resolve) => {
    // In a group of its own, so that what a wrapper script has started ends with it.
    const isGroup = process.platform !== 'win32';
    const child = spawn(path, ['-encoders'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: isGroup,
    });
    const texts: [banner: string, list: string] = ['', ''];
    const take = (stream: 0 | 1) => (more: string) => {
      texts[stream] += more;
      if (texts[0].length + texts[1].length > MOST_BYTES)
        giveUp(noFfmpeg(path, 'no-ffmpeg', 'does not answer as ffmpeg does'));
    };
    const end = (answer: { readonly text: string } | NoFfmpeg) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve(answer);
    };
    const giveUp = (answer: NoFfmpeg) => {
      if (child.pid !== undefined) killAll(child.pid, isGroup);
      child.stdout.destroy();
      child.stderr.destroy();
      end(answer);
    };
    const stop = () => giveUp(noFfmpeg(path, 'silent', 'was not waited for'));
    const timer = setTimeout(
      () => giveUp(noFfmpeg(path, 'silent', `does not answer within ${PATIENCE_MS / 1000} s`)),
      PATIENCE_MS,
    );
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    child.stdout.setEncoding('utf8').on('data', take(1));
    child.stderr.setEncoding('utf8').on('data', take(0));
    child.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      if (code === 'ENOENT' || code === 'ENOTDIR') end(missing(path));
      else if (code === 'EACCES' || code === 'ENOEXEC')
        end(noFfmpeg(path, 'not-executable', `cannot be run (${code})`));
      else end(noFfmpeg(path, 'failed', `cannot be run (${message})`));
    });
    child.on('close', (exitCode, killedBy) => {
      if (killedBy !== null) end(noFfmpeg(path, 'failed', `crashes (${killedBy})`));
      else if (exitCode === 0) end({ text: texts.join('\n') });
      else end(noFfmpeg(path, 'failed', `ends with exit code ${exitCode}`));
    });
  });
}

function noFfmpeg(path: string, reason: NoFfmpeg['reason'], what: string): NoFfmpeg {
  return { path, reason, message: `${printable(path)} ${what}` };
}

function missing(path: string): NoFfmpeg {
  const where = path === ON_SEARCH_PATH ? 'on the search path' : `at ${printable(path)}`;
  return { path, reason: 'missing', message: `there is no ffmpeg ${where}` };
}

/** Also one that ignores what asks it to end; what has ended already is let be. */
function killAll(pid: number, isGroup: boolean): void {
  try {
    process.kill(isGroup ? -pid : pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}
