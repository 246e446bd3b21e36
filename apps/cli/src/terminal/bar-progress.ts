import { performance } from 'node:perf_hooks';
import type { Plan, PlannedOutput } from '@rawreel/processor';
import { formatBytes, printable } from '@rawreel/text';
import type { MultiBar, SingleBar } from 'cli-progress';
import type { Output } from '../context.ts';
import { hindrance } from '../remote/transfer-progress.ts';
import { certainOutputs, dumpBytes, trackBytes } from '../summary/output-label.ts';
import { type BarPayload, barLine } from './bar-line.ts';
import type { Colours } from './colour.ts';
import { count, span } from './format-values.ts';
import type { Progress } from './progress.ts';
import { Throughput } from './throughput.ts';
import { displayWidth, widthOf } from './width.ts';
import { namesOf, scanKey } from './work-names.ts';

export interface BarsOptions {
  readonly plan: Plan;
  readonly output: Output;
  readonly colours: Colours;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

interface WorkBar {
  readonly bar: SingleBar;
  readonly pace: Throughput;
}

/** Reading and writing go as fast as bytes are moved, sound as fast as it is decoded: neither tells of the other. */
type Work = 'packets' | 'sound';

/** One bar for each track that is scanned and each file that is written, and one above them for the whole run. */
export async function barProgress({
  plan,
  output,
  colours,
  now = () => performance.now(),
}: BarsOptions): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const names = namesOf(plan);
  const nameWidth = Math.max(...[...names.values(), 'all'].map((name) => displayWidth(name)));
  const multi: MultiBar = new cliProgress.MultiBar({
    stream: output,
    hideCursor: true,
    clearOnComplete: true,
    // Its own handler would compete with ours for the signal.
    gracefulExit: false,
    emptyOnZero: true,
    fps: 10,
    format: (_options, params, payload: BarPayload) =>
      barLine(payload, params.progress, { nameWidth, columns: widthOf(output) ?? 80, colours }),
  });
  const certain = certainOutputs(plan);
  const totals = new Map<string, number>([
    ...plan.tracks.map((track, number) => [scanKey(number), track.ifSent ? 0 : trackBytes(track)] as const),
    ...certain.map((planned) => [planned.file, dumpBytes(planned, plan)] as const),
  ]);
  const isSound = new Set(certain.filter(({ kind }) => SOUND.has(kind)).map(({ file }) => file));
  const workOf = (key: string): Work => (isSound.has(key) ? 'sound' : 'packets');
  const wholes: Readonly<Record<Work, { total: number; done: number; readonly pace: Throughput }>> = {
    packets: { total: 0, done: 0, pace: new Throughput(now()) },
    sound: { total: 0, done: 0, pace: new Throughput() },
  };
  for (const [key, bytes] of totals) wholes[workOf(key)].total += bytes;
  const totalBytes = wholes.packets.total + wholes.sound.total;
  const whole =
    certain.length > 1 ? multi.create(Math.max(1, totalBytes), 0, { name: 'all', tail: '' }) : undefined;
  const room = Math.max(1, (output.rows ?? 24) - 2);
  const bars = new Map<string, WorkBar>();
  /** Bytes gone through, by work: a finished one counts in full whatever its last event said. */
  const done = new Map<string, number>();
  let finished = 0;
  let stopped = false;

  const updateWhole = (key: string, bytes: number) => {
    const part = wholes[workOf(key)];
    part.done += bytes - (done.get(key) ?? 0);
    done.set(key, bytes);
    part.pace.add(now(), part.done);
    const files = count(Math.max(finished, certain.length), 'file');
    const tail = [`${finished} of ${files}`, timeLeft(Object.values(wholes))];
    whole?.update(Math.min(wholes.packets.done + wholes.sound.done, totalBytes), {
      tail: tail.filter(Boolean).join(' · '),
    });
  };
  const start = (key: string, bytes: number) => {
    if (bars.size >= room) return;
    const name = names.get(key) ?? printable(key);
    const bar = multi.create(Math.max(1, bytes), 0, { name, tail: 'starting' });
    bars.set(key, { bar, pace: new Throughput(isSound.has(key) ? undefined : now()) });
  };
  const update = (key: string, what: string, bytes: number, total: number) => {
    const work = bars.get(key);
    if (work) {
      work.pace.add(now(), bytes);
      // Of sound, bytes are a share of the work, and not what is moved.
      const rate = isSound.has(key) ? '' : rateOf(work.pace);
      const tail = [what, rate, timeLeft([{ total, done: bytes, pace: work.pace }])];
      work.bar.update(bytes, { tail: tail.filter(Boolean).join(' · ') });
    }
    updateWhole(key, bytes);
  };
  const finish = (key: string) => {
    const work = bars.get(key);
    if (work) {
      bars.delete(key);
      multi.remove(work.bar);
    }
    updateWhole(key, totals.get(key) ?? 0);
  };

  return {
    onProgress(event) {
      switch (event.type) {
        case 'scan-started':
          return start(scanKey(event.track), event.totalBytes);
        case 'scan-progress':
          return update(scanKey(event.track), 'scan', event.bytes, event.totalBytes);
        case 'scan-finished':
          return finish(scanKey(event.track));
        case 'output-started':
          return start(event.file, event.totalBytes);
        case 'output-progress':
          return update(event.file, isSound.has(event.file) ? 'mix' : 'write', event.bytes, event.totalBytes);
        case 'output-finished':
        case 'output-failed':
          finished += 1;
          return finish(event.file);
        default:
          event satisfies never;
      }
    },
    onTransfer(event) {
      if (stopped) return;
      if (event.type !== 'transfer') return multi.log(`${hindrance(event)}\n`);
      const { transferred, wanted } = event;
      if (!bars.has(NETWORK)) start(NETWORK, wanted);
      const work = bars.get(NETWORK);
      if (!work) return;
      work.pace.add(now(), transferred);
      work.bar.setTotal(Math.max(1, wanted));
      work.bar.update(transferred, { tail: ['read', rateOf(work.pace)].filter(Boolean).join(' · ') });
    },
    stop() {
      // A second time would erase what has been printed since.
      if (!stopped) multi.stop();
      stopped = true;
    },
  };
}

/** Outputs that are decoded and encoded anew. */
const SOUND: ReadonlySet<string> = new Set<PlannedOutput['kind']>(['mix', 'voice', 'stem']);

const NETWORK = 'network';

function rateOf({ perSecond }: Throughput): string {
  return perSecond === undefined ? '' : `${formatBytes(perSecond)}/s`;
}

/** Of works that are done side by side: as long as the longest; nothing while one of them has not begun. */
function timeLeft(
  works: readonly { readonly total: number; readonly done: number; readonly pace: Throughput }[],
): string {
  const open = works.filter(({ total, done }) => done < total);
  const times = open.map(({ total, done, pace }) => pace.msLeft(total - done));
  if (times.length === 0 || times.includes(undefined)) return '';
  return `${span(Math.max(1000, ...times.map((ms) => ms ?? 0)))} left`;
}
