import { once } from 'node:events';
import type { FrameLine, PacketLine } from '@rawreel/processor';
import { jsonLine, printable } from '@rawreel/text';
import type { Output } from '../context.ts';
import { clock } from '../terminal/format-values.ts';

type Batches<Line> = AsyncGenerator<readonly Line[]>;

/** Prints lines as they come, no faster than they are read; ends where nobody reads on, as behind `| head`. */
export async function printLines<Line>(
  batches: Batches<Line>,
  heading: string | undefined,
  textOf: (line: Line) => string,
  output: Output,
): Promise<void> {
  if (heading !== undefined) output.write(heading);
  for await (const lines of batches) {
    if (!output.writable) return;
    if (output.write(lines.map(textOf).join(''))) continue;
    try {
      await once(output, 'drain');
    } catch {
      // What went wrong is told at the end.
      return;
    }
  }
}

export const asJson = (line: object): string => jsonLine(line);

const at = (ms: number): string =>
  `${clock(Math.floor(ms / 1000) * 1000)}.${String(Math.floor(ms) % 1000).padStart(3, '0')}`;

const padded = (value: string | number | undefined, width: number): string =>
  String(value ?? '-').padStart(width);

export const PACKET_HEADING = `${padded('ARRIVAL', 12)} ${padded('SSRC', 10)} ${padded('PT', 3)} ${padded('SEQ', 5)} ${padded('TIMESTAMP', 10)} M ${padded('SIZE', 5)} KEY LAYER FATE      TRACK\n`;

export function packetText(line: PacketLine): string {
  const { atMs, ssrc, payloadType, sequence, timestamp, marker, size, keyFrame, temporal, spatial } = line;
  const repairs = line.repairedByFec === undefined ? '' : ` ${line.repairedByFec} repaired by fec`;
  const layer = temporal === undefined && spatial === undefined ? '-' : `${temporal ?? 0}/${spatial ?? 0}`;
  return `${padded(at(atMs), 12)} ${padded(ssrc, 10)} ${padded(payloadType, 3)} ${padded(sequence, 5)} ${padded(timestamp, 10)} ${marker ? 'M' : '-'} ${padded(size, 5)} ${keyFrame ? 'key' : '  -'} ${padded(layer, 5)} ${line.fate.padEnd(9)} ${printable(line.trackId)}${repairs}\n`;
}

export const FRAME_HEADING = `${padded('ARRIVAL', 12)} ${padded('MEDIA', 12)} ${padded('TIMESTAMP', 10)} ${padded('SIZE', 6)} KEY ${padded('LOST', 4)} ${padded('PICTURE', 9)} ${padded('TURNED', 6)} ${padded('LASTS', 7)} ${padded('LEVEL', 5)} TRACK\n`;

export function frameText(line: FrameLine): string {
  const { width, height, rotation, durationMs, levelDbov } = line;
  const picture = width === undefined ? undefined : `${width}×${height}`;
  const lasts = durationMs === undefined ? undefined : `${durationMs} ms`;
  return `${padded(at(line.atMs), 12)} ${padded(at(line.mediaMs), 12)} ${padded(line.timestamp, 10)} ${padded(line.size, 6)} ${line.keyFrame ? 'key' : '  -'} ${padded(line.lossBefore, 4)} ${padded(picture, 9)} ${padded(rotation, 6)} ${padded(lasts, 7)} ${padded(levelDbov, 5)} ${printable(line.trackId)}\n`;
}
