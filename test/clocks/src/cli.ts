import { parseArgs } from 'node:util';
import { type CallClass, CLASSES } from './classes.ts';
import { details } from './details.ts';
import { printNamed } from './named-table.ts';
import { speedOf } from './place/speed.ts';
import { type CallResult, callOf, runCall } from './run-call.ts';
import type { Call } from './simulate/call.ts';
import { type Figures, misses, percent, Tally } from './tally.ts';

export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

const USAGE = `usage: npm run clocks -- [--sessions N] [--seed N] [--class NAME] [--verify | --speed]
classes: ${CLASSES.map(({ name }) => name).join(', ')}`;

interface Request {
  readonly sessions: number;
  readonly seed: number;
  readonly classes: readonly CallClass[];
  /** What verifying names is counted, not how far from the truth they are placed. */
  readonly verify: boolean;
  /** What reading and placing takes is measured, not how well. */
  readonly speed: boolean;
}

/** @returns exit code: 0 all classes within their bounds, nothing named falsely, or its speed measured; 1 not so; 2 wrong usage */
export function run(args: readonly string[], { out, err }: Output): number {
  const request = read(args);
  if (typeof request === 'string') {
    err(`${request}\n${USAGE}`);
    return 2;
  }
  const { sessions, seed, classes } = request;
  // The first classes have one more where the number does not divide evenly.
  const callsOf = (index: number) => Math.ceil((sessions - index) / classes.length);
  if (request.speed) {
    const { packets, scanUs, solveUs } = speedOf(drawn(request, callsOf));
    const peakMiB = process.resourceUsage().maxRSS / 1024;
    out(
      `${packets} packets; µs of processor each: scanned ${scanUs.toFixed(3)}, solved ${solveUs.toFixed(3)}; peak ${peakMiB.toFixed(0)} MiB, the dumps included`,
    );
    return 0;
  }
  if (request.verify) {
    const falselyNamed = printNamed(callsOf, seed, classes, out);
    out(`${sessions} sessions, ${classes.length} classes, ${falselyNamed} falsely named`);
    return falselyNamed === 0 ? 0 : 1;
  }
  out(row(HEADER));
  let missed = 0;
  const tallies = classes.map((of, index) => {
    const tally = new Tally(of);
    let last: CallResult | undefined;
    for (let number = 0; number < callsOf(index); number++) {
      last = runCall(of, seed + number);
      tally.add(seed + number, last);
    }
    const missing = misses(tally.figures, of.bounds);
    if (missing.length > 0) missed++;
    out(row(cells(of, tally.figures, missing)));
    if (sessions === 1 && last !== undefined) for (const line of details(last)) out(line);
    return tally;
  });
  out(speed(tallies.map(({ figures }) => figures)));
  out(`${sessions} sessions, ${classes.length} classes, ${missed} missed`);
  return missed === 0 ? 0 : 1;
}

function* drawn({ classes, seed }: Request, callsOf: (index: number) => number): Generator<Call, void, void> {
  for (const [index, of] of classes.entries())
    for (let number = 0; number < callsOf(index); number++) yield callOf(of, seed + number).call;
}

/** What is asked for, or what is wrong with it. */
function read(args: readonly string[]): Request | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        sessions: { type: 'string' },
        seed: { type: 'string' },
        class: { type: 'string' },
        verify: { type: 'boolean', default: false },
        speed: { type: 'boolean', default: false },
      },
    });
    const sessions = Number(values.sessions ?? 330);
    const seed = Number(values.seed ?? 1);
    const classes = CLASSES.filter(({ name }) => values.class === undefined || name === values.class);
    if (!(Number.isSafeInteger(sessions) && sessions > 0))
      return `--sessions: expected a whole number above 0, found "${values.sessions}"`;
    if (!Number.isSafeInteger(seed)) return `--seed: expected a whole number, found "${values.seed}"`;
    if (classes.length === 0) return `--class: no class "${values.class}"`;
    if (sessions < classes.length) return `--sessions: ${sessions} are too few for ${classes.length} classes`;
    return { sessions, seed, classes, verify: values.verify, speed: values.speed };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const HEADER = [
  'class',
  'sessions',
  'p50',
  'p99',
  'p99.9',
  'participants',
  'honest',
  'left out',
  'worst seed',
  'missed',
];
const WIDTHS = [29, 8, 8, 8, 8, 12, 7, 8, 18, 0];

const row = (columns: readonly string[]): string =>
  columns
    .map((text, index) =>
      index === 0 ? text.padEnd(WIDTHS[0] as number) : text.padStart(WIDTHS[index] as number),
    )
    .join('  ');

function cells({ name }: CallClass, figures: Figures, missing: readonly string[]): string[] {
  const ms = (value: number) => value.toFixed(1);
  return [
    name,
    `${figures.calls}`,
    ms(figures.within(0.5)),
    ms(figures.within(0.99)),
    ms(figures.within(0.999)),
    ms(figures.participantsMs),
    percent(figures.honest),
    `${figures.leftOut}`,
    `${figures.worstSeed} (${ms(figures.worstMs)})`,
    missing.join('; '),
  ];
}

function speed(figures: readonly Figures[]): string {
  const packets = figures.reduce((sum, { packets }) => sum + packets, 0);
  const each = (step: keyof Figures['took']) =>
    ((1000 * figures.reduce((sum, { took }) => sum + took[step], 0)) / packets).toFixed(2);
  return `${packets} packets; µs of processor each: simulated ${each('simulateMs')}, scanned ${each('scanMs')}, solved ${each('solveMs')}`;
}
