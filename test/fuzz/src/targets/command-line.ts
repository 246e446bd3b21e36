import { runCommand } from '../command-line/run-command.ts';
import { Sandbox } from '../command-line/sandbox.ts';
import { check } from '../engine/check.ts';
import { bucket, type Observation, type Target } from '../engine/target.ts';
import { callCaseFraming, readCallCase } from '../formats/call-case.ts';
import { mutateCall } from '../formats/mutate-call.ts';
import { checkDisk, checkEnd, checkMedia, checkReport, type Report } from '../oracles/command-line.ts';

const PROCESS = ['process-all', '--no-mix'] as const;

/** By the rest of a case's number: what is run most stands there most. */
const COMMANDS: readonly (readonly string[])[] = [
  [...PROCESS, '--json'],
  [...PROCESS, '--verify', '--json'],
  ['list-tracks', '--format', 'json'],
  [...PROCESS],
  ['mix-audio', '--format', 'wav', '--json'],
  [...PROCESS, '--json'],
  [...PROCESS, '--verify', '--align', 'recording', '--json'],
  ['list-tracks'],
  [...PROCESS, '--no-fill-gaps', '--no-fix-dtx', '--workers', '2', '--json'],
];

/** Inputs have at most a quarter of a megabyte: a thousand times that, and minutes, are no honest answer to them. */
const LIMITS = {
  processorSeconds: 20,
  seconds: 90,
  memoryBytes: 640 * 2 ** 20,
  diskBytes: 256 * 2 ** 20,
} as const;

/** Whole archives through the real command, in a process of its own. */
export const commandLineTarget: Target = {
  name: 'command-line',
  maxLength: 256 * 1024,
  framing: callCaseFraming,
  mutate: mutateCall,
  pace: { limitMs: 12_000, minimizeAttempts: 60 },
  async run(bytes, observation) {
    const call = readCallCase(bytes);
    const command = COMMANDS[call.command % COMMANDS.length] ?? PROCESS;
    await using sandbox = await Sandbox.of(call);
    const input = [sandbox.isFolder ? '--input-dir' : '--input-file', sandbox.input];
    const lists = command[0] === 'list-tracks';
    const ended = await runCommand(
      [...command, ...input, ...(lists ? [] : ['--output', sandbox.output])],
      sandbox,
      LIMITS,
    );
    checkEnd(ended);
    const { exitCode, stdout, mostMemoryBytes } = ended;
    check(mostMemoryBytes <= LIMITS.memoryBytes, () => `takes ${mostMemoryBytes >> 20} MiB of memory`);
    await checkDisk(sandbox, LIMITS.diskBytes);
    observation.feature(command.join(' '), exitCode ?? -1);
    const isJson = command.some((word) => word === '--json' || word === 'json');
    // A report tells its files itself.
    if (exitCode === 0 && (lists || !isJson)) observation.output(1);
    if (!isJson) {
      observation.feature('lines', bucket(stdout.split('\n').length));
      return;
    }
    // Where a list cannot be made, its reason is for a person.
    if (lists && exitCode === 1) return;
    const told = JSON.parse(stdout);
    if (told.error !== undefined) {
      check(exitCode === 1, () => `exit ${exitCode} with ${told.error.code}`);
      observation.feature(told.error.code);
    } else if (lists) noteShape(told, observation);
    else {
      await checkReport(told, exitCode, sandbox.output);
      if (exitCode === 0 || exitCode === 3) await checkMedia(told.files, sandbox.output);
      noteReport(told, observation);
    }
  },
};

function noteReport(report: Report, observation: Observation): void {
  observation.output(report.files.length);
  for (const { code, severity } of report.problems) observation.feature(`${severity} ${code}`);
  for (const { code } of report.failures) observation.feature(`failure ${code}`);
  noteShape(report.files, observation);
}

/** Which fields there are and how large their numbers: what a file was made of, and what was done for it. */
function noteShape(value: unknown, observation: Observation, name = ''): void {
  if (typeof value === 'number') observation.feature(name, bucket(Math.abs(Math.round(value)) % 2 ** 31));
  else if (Array.isArray(value)) {
    observation.feature(`${name} length`, bucket(value.length));
    for (const one of value) noteShape(one, observation, name);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) noteShape(one, observation, `${name}.${key}`);
  }
}
