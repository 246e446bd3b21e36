import type { TimelineFormat } from '../plan/timeline-formats.ts';
import { writeLabels, writeLof } from './audacity.ts';
import { writeFcpxml } from './fcpxml.ts';
import { writeOtio } from './otio.ts';
import { writeChapters, writeNotes } from './podcast.ts';
import { writePremiere } from './premiere.ts';
import { writeReaper } from './reaper.ts';
import type { Timeline } from './timeline.ts';

const WRITERS = {
  otio: writeOtio,
  premiere: writePremiere,
  fcpxml: writeFcpxml,
  reaper: writeReaper,
  audacity: writeLof,
  labels: writeLabels,
  chapters: writeChapters,
  notes: writeNotes,
} as const satisfies Readonly<Record<TimelineFormat, (timeline: Timeline) => string>>;

export const writeTimeline = (timeline: Timeline, format: TimelineFormat): string =>
  WRITERS[format](timeline);
