import type { Inspection, SecondColumns } from './inspection.ts';

type Seconds = Pick<SecondColumns, 'second'> & Partial<SecondColumns>;

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
] as const satisfies readonly (keyof SecondColumns)[];

/** A spreadsheet would take a cell that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * An inspection as CSV (RFC 4180): a row for each second and track, some hundred at a time, the heading first. Behind the rows of a
 * camera that sent several layers side by side stand those of each, which the last two columns name.
 */
export function* csvOf({ tracks }: Pick<Inspection, 'tracks'>): Generator<string> {
  const whose = ['userId', 'sessionId', 'trackId', 'kind', 'screenshare', 'second'];
  yield `${[...whose, ...COLUMNS, 'layerSsrc', 'layerSize'].join(',')}\r\n`;
  for (const { userId, sessionId, trackId, kind, screenshare, seconds, picture } of tracks) {
    const names = [...[userId, sessionId, trackId].map(cell), kind, screenshare].join(',');
    yield* rowsOf(names, seconds, ',');
    for (const { ssrc, width, height, seconds: own } of picture?.simulcast ?? [])
      yield* rowsOf(names, own, `${ssrc},${width}x${height}`);
  }
}

function* rowsOf(names: string, seconds: Seconds, layer: string): Generator<string> {
  const rows = seconds.second.map((second, index) => {
    const values = COLUMNS.map((column) => seconds[column]?.[index] ?? '');
    return `${[names, second, ...values, layer].join(',')}\r\n`;
  });
  if (rows.length > 0) yield rows.join('');
}

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
