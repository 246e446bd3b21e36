import type { InspectedTrack, Inspection } from './inspection.ts';

type Seconds = InspectedTrack['seconds'];

const COLUMNS = [
  'packets',
  'lost',
  'repaired',
  'kbps',
  'jitterMs',
  'deltaMs',
  'delayMs',
  'sentFrames',
  'frames',
  'frameBytes',
  'keyFrames',
  'levelDbov',
] as const satisfies readonly (keyof Seconds)[];

/** A spreadsheet would take a cell that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** An inspection as CSV (RFC 4180): a row for each second and track, some hundred at a time, the heading first. */
export function* csvOf({ tracks }: Pick<Inspection, 'tracks'>): Generator<string> {
  yield `${['userId', 'sessionId', 'trackId', 'kind', 'screenshare', 'second', ...COLUMNS].join(',')}\r\n`;
  for (const { userId, sessionId, trackId, kind, screenshare, seconds } of tracks) {
    const whose = [userId, sessionId, trackId].map(cell);
    const rows = seconds.second.map((second, index) =>
      [...whose, kind, screenshare, second, ...COLUMNS.map((column) => seconds[column]?.[index] ?? '')].join(
        ',',
      ),
    );
    if (rows.length > 0) yield `${rows.join('\r\n')}\r\n`;
  }
}

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
