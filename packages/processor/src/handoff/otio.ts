import { jsonText } from '@rawreel/text';
import { mediaUrl, piecesOf } from './pieces.ts';
import type { Stretch, Timeline, TimelineMarker, TimelineTrack } from './timeline.ts';

const COLOURS = { chapter: 'GREEN', 'camera-off': 'RED', away: 'ORANGE' } as const satisfies Readonly<
  Record<TimelineMarker['kind'], string>
>;

/**
 * OpenTimelineIO, as its file format specification has it: a timeline of tracks of gaps and clips, whose times count from
 * the beginning of their media.
 */
export function writeOtio(timeline: Timeline): string {
  const { name, fps, tracks, markers, startsAt, madeBy } = timeline;
  const time = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate: fps, value });
  const range = ({ from, to }: Stretch) => ({
    OTIO_SCHEMA: 'TimeRange.1',
    start_time: time(from),
    duration: time(to - from),
  });
  const none = { metadata: {}, effects: [], markers: [] };
  const gap = (stretch: Stretch) => ({
    OTIO_SCHEMA: 'Gap.1',
    name: '',
    source_range: range({ from: 0, to: stretch.to - stretch.from }),
    enabled: true,
    ...none,
  });
  const clip = (track: TimelineTrack, stretch: Stretch) => ({
    OTIO_SCHEMA: 'Clip.2',
    name: track.name,
    source_range: range(stretch),
    enabled: true,
    ...none,
    active_media_reference_key: 'DEFAULT_MEDIA',
    media_references: {
      DEFAULT_MEDIA: {
        OTIO_SCHEMA: 'ExternalReference.1',
        name: track.file,
        target_url: mediaUrl(track.file),
        available_range: range({ from: 0, to: track.length }),
        available_image_bounds: null,
        metadata: {},
      },
    },
  });
  return jsonText({
    OTIO_SCHEMA: 'Timeline.1',
    name,
    global_start_time: time(0),
    metadata: { rawreel: { startsAt, madeBy } },
    tracks: {
      OTIO_SCHEMA: 'Stack.1',
      name: 'tracks',
      source_range: null,
      enabled: true,
      metadata: {},
      effects: [],
      markers: markers.map((marker) => ({
        OTIO_SCHEMA: 'Marker.2',
        name: marker.name,
        color: COLOURS[marker.kind],
        comment: '',
        marked_range: range(marker),
        metadata: {},
      })),
      children: tracks.map((track) => ({
        OTIO_SCHEMA: 'Track.1',
        name: track.name,
        kind: track.kind === 'video' ? 'Video' : 'Audio',
        source_range: null,
        enabled: true,
        ...none,
        children: piecesOf(track).map((piece) => (piece.isGap ? gap(piece) : clip(track, piece))),
      })),
    },
  });
}
