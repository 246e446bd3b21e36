import { printable } from '@rawreel/text';
import type { Timeline, TimelineMarker, TimelineTrack } from './timeline.ts';

/** A Reaper project (RPP): a track for each stem and each picture, with its clips as items, and markers and regions. */
export function writeReaper(timeline: Timeline): string {
  const { fps, tracks, markers, size } = timeline;
  const at = (pictures: number) => (pictures / fps).toFixed(6);
  const head = [
    '<REAPER_PROJECT 0.1 "7.0" 0',
    `  TIMEMODE 1 5 -1 ${fps} 0 0 -1`,
    `  VIDEO_CONFIG ${size.width} ${size.height} 256`,
    '  SAMPLERATE 48000 1 0',
  ];
  const marks = markers.flatMap((marker, index) => markLines(marker, index + 1, at));
  return [...head, ...marks, ...tracks.flatMap((track) => trackLines(track, at)), '>\n'].join('\n');
}

/** A region is a pair of lines of one number: its beginning, and its end without a name. */
function markLines(
  { from, to, name, kind }: TimelineMarker,
  number: number,
  at: (pictures: number) => string,
): string[] {
  if (kind === 'chapter') return [`  MARKER ${number} ${at(from)} ${quoted(name)} 0`];
  return [`  MARKER ${number} ${at(from)} ${quoted(name)} 1`, `  MARKER ${number} ${at(to)} "" 1`];
}

function trackLines(track: TimelineTrack, at: (pictures: number) => string): string[] {
  const source = track.kind === 'video' ? 'VIDEO' : track.file.endsWith('.flac') ? 'FLAC' : 'WAVE';
  const items = track.clips.flatMap(({ from, to }) => [
    '    <ITEM',
    `      POSITION ${at(from)}`,
    `      LENGTH ${at(to - from)}`,
    '      LOOP 0',
    // The sound of a picture is in its stem as well.
    `      MUTE ${track.kind === 'video' ? 1 : 0} 0`,
    `      NAME ${quoted(track.name)}`,
    `      SOFFS ${at(from)}`,
    `      <SOURCE ${source}`,
    `        FILE ${quoted(track.file)}`,
    '      >',
    '    >',
  ]);
  return ['  <TRACK', `    NAME ${quoted(track.name)}`, ...items, '  >'];
}

/** It has three kinds of quotes and no escapes: the first that is not in the text, else it loses its backticks. */
function quoted(text: string): string {
  const shown = printable(text);
  const quote = ['"', "'", '`'].find((each) => !shown.includes(each));
  return quote === undefined ? `\`${shown.replaceAll('`', "'")}\`` : `${quote}${shown}${quote}`;
}
