import { doors } from './doors.ts';
import { run } from './run.ts';
import type { Interruption, Output } from './surroundings.ts';

const interruption = new AbortController();

function onSignal(reason: Interruption): void {
  // Once: clean up. Twice: whoever asks does not want to wait for that.
  if (interruption.signal.aborted) process.exit(reason.exitCode);
  interruption.abort(reason);
}

/** A reader that has seen enough, as `head` has, is no error. */
function ignoreClosedPipe(output: NodeJS.WriteStream): Output {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return output;
}

function flushed(output: Output): Promise<void> {
  return new Promise((resolve) => {
    if (!output.writable) resolve();
    else output.write('', () => resolve());
  });
}

process.on('SIGINT', () => onSignal({ signalName: 'SIGINT', exitCode: 130 }));
process.on('SIGTERM', () => onSignal({ signalName: 'SIGTERM', exitCode: 143 }));
// Where files may be so large and no larger (ulimit -f): the write fails, too, and that can be told.
if (process.platform !== 'win32') process.on('SIGXFSZ', () => undefined);

const stdout = ignoreClosedPipe(process.stdout);
const stderr = ignoreClosedPipe(process.stderr);
const exitCode = await run(process.argv.slice(2), {
  // Looked at only by who needs it: a look opens it.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  env: process.env,
  signal: interruption.signal,
  doors,
  machine: {
    nodeVersion: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    workingFolder: process.cwd(),
    configFolder: async () => (await import('./control/config-folder.ts')).userConfigFolder(),
  },
});
await Promise.all([flushed(stdout), flushed(stderr)]);
process.exit(exitCode);
