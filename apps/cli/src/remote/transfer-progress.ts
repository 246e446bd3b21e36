import type { Delivered } from '@rawreel/delivery';
import type { TransferProgress } from '@rawreel/storage';
import { formatBytes, printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { coloursFor } from '../terminal/colour.ts';
import { span } from '../terminal/format-values.ts';
import { StatusLine } from '../terminal/status-line.ts';

/** What the network does, on a line of its own that comes and goes. */
export interface TransferDisplay {
  readonly onTransfer: (event: TransferProgress) => void;
  /** Takes the line away, for something else to be shown. */
  pause(): void;
  /** Shows events elsewhere from now on. */
  handOver(to: (event: TransferProgress) => void): void;
}

/** On a terminal how far it is, and everywhere what holds it up. */
export function showTransfer(quiet: boolean, context: Context): TransferDisplay {
  const { stderr, env } = context;
  const line = new StatusLine(context);
  const { dim } = coloursFor(stderr, env);
  let show = (event: TransferProgress): void => {
    if (quiet) return;
    if (event.type === 'transfer') line.show(() => progressLine(event));
    else {
      line.clear();
      stderr.write(`${dim(hindrance(event))}\n`);
    }
  };
  return {
    onTransfer: (event) => show(event),
    pause: () => line.clear(),
    handOver(to) {
      line.clear();
      show = to;
    },
  };
}

/** What holds a transfer up, in a sentence. */
export function hindrance(event: Exclude<TransferProgress, { type: 'transfer' }>): string {
  switch (event.type) {
    case 'retry':
      return `${printable(event.reason)}; retrying in ${span(event.waitMs)}`;
    case 'no-ranges':
      return 'The server does not support range requests; downloading the whole recording.';
    case 'waiting':
      return 'Another rawreel process is reading this recording; waiting for it.';
    default:
      return event satisfies never;
  }
}

function progressLine({ transferred, wanted }: Extract<TransferProgress, { type: 'transfer' }>): string {
  const outOf = wanted > transferred ? ` of ${formatBytes(wanted)}` : '';
  return `Reading over the network: ${formatBytes(transferred)}${outOf}`;
}

/** How much came over the network; undefined where nothing had to. */
export function readOverNetwork({
  transferred,
  byteLength,
}: Pick<Delivered, 'transferred' | 'byteLength'>): string | undefined {
  if (transferred === undefined) return undefined;
  return `${formatBytes(transferred)} of ${formatBytes(byteLength)} read over the network`;
}
