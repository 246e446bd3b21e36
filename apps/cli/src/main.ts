import { proxiesIn, useProxies } from '@rawreel/storage/proxies';
import type { Interruption } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { explainUnwritten, writeError } from './failure/explain-error.ts';
import { packages } from './lazy-packages.ts';
import { run } from './run.ts';
import { keepHeapSmall } from './small-heap.ts';
import { coloursFor } from './terminal/colour.ts';
import { watchOutput } from './terminal/watch-output.ts';

keepHeapSmall();

const interruption = new AbortController();

function onSignal(reason: Interruption): void {
  // The first signal cleans up, the second quits without. A closing terminal sends its signal several times.
  if (!interruption.signal.aborted) interruption.abort(reason);
  else if (reason.signalName !== 'SIGHUP') process.exit(reason.exitCode);
}

process.on('SIGHUP', () => onSignal({ signalName: 'SIGHUP', exitCode: 129 }));
process.on('SIGINT', () => onSignal({ signalName: 'SIGINT', exitCode: 130 }));
process.on('SIGTERM', () => onSignal({ signalName: 'SIGTERM', exitCode: 143 }));
// With a limit on file sizes (ulimit -f) the write fails, too, and that can be reported.
if (process.platform !== 'win32') process.on('SIGXFSZ', () => undefined);

const { env } = process;
const proxies = proxiesIn(env);
const stdout = watchOutput(process.stdout);
const stderr = watchOutput(process.stderr);
// Before anything is asked; to go on directly may be what the proxy is there to prevent.
if (proxies !== undefined)
  await useProxies(proxies).catch(({ message }: Error) => {
    stderr.output.write(
      `rawreel: ${message}\n  Set HTTPS_PROXY and HTTP_PROXY to such an address, or unset them.\n`,
    );
    process.exit(EXIT.usage);
  });
let exitCode = await run(process.argv.slice(2), {
  // Looked at only by who needs it: a look opens it.
  get stdin() {
    return process.stdin;
  },
  stdout: stdout.output,
  stderr: stderr.output,
  env,
  signal: interruption.signal,
  packages,
  machine: {
    nodeVersion: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    // A shell may stand in a folder that is gone.
    get workingFolder() {
      return process.cwd();
    },
    userId: process.geteuid?.(),
    configFolder: async () => (await import('./stream/config-folder.ts')).userConfigFolder(),
  },
});
const unwritten = await stdout.flushed();
if (unwritten !== undefined) {
  writeError(explainUnwritten(unwritten), stderr.output, coloursFor(stderr.output, env));
  if (exitCode === EXIT.whole || exitCode === EXIT.damaged) exitCode = EXIT.failed;
}
// There is nowhere left to report a failure of this one.
await stderr.flushed();
process.exit(exitCode);
