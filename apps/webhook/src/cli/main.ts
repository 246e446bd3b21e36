import { proxiesIn, useProxies } from '@rawreel/storage/proxies';
import { EXIT } from './exit-codes.ts';
import { runProgram } from './program.ts';

const stopping = new AbortController();

/** Once: finish or hand back. Twice: at once, which costs a retry of what is under way. */
function onSignal(exitCode: number): void {
  if (stopping.signal.aborted) process.exit(exitCode);
  stopping.abort();
}
process.on('SIGINT', () => onSignal(130));
process.on('SIGTERM', () => onSignal(143));

// Whoever read the lines has gone: recordings are worked on all the same.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const { env, stdout, stderr, versions } = process;
const proxies = proxiesIn(env);
if (proxies !== undefined)
  await useProxies(proxies).catch(({ message }: Error) => {
    stderr.write(`rawreel-webhook: ${message}\n`);
    process.exit(EXIT.usage);
  });
process.exitCode = await runProgram(process.argv.slice(2), {
  env,
  stdout,
  stderr,
  signal: stopping.signal,
  nodeVersion: versions.node,
});
