import { mediaUrl } from './pieces.ts';
import type { Timeline, TimelineTrack } from './timeline.ts';
import { type Element, element, leaf, xmlDocument } from './xml.ts';

/** Final Cut Pro 7 XML (Apple, "Final Cut Pro XML Interchange Format", version 5), which Premiere and Resolve import. */
export function writePremiere(timeline: Timeline): string {
  const { name, fps, size, length, tracks, markers } = timeline;
  const rate = () => element('rate', {}, leaf('timebase', fps), leaf('ntsc', 'FALSE'));
  const picture = () =>
    element(
      'samplecharacteristics',
      {},
      rate(),
      leaf('width', size.width),
      leaf('height', size.height),
      leaf('anamorphic', 'FALSE'),
      leaf('pixelaspectratio', 'square'),
      leaf('fielddominance', 'none'),
    );
  const sound = () => element('samplecharacteristics', {}, leaf('depth', 16), leaf('samplerate', 48_000));
  const described = new Set<string>();
  // The first mention of a file describes it, the others have its id only.
  const file = (track: TimelineTrack, id: string): Element => {
    if (described.has(id)) return element('file', { id });
    described.add(id);
    const media = [
      ...(track.kind === 'video' ? [element('video', {}, picture())] : []),
      ...(track.channels > 0 ? [element('audio', {}, sound(), leaf('channelcount', track.channels))] : []),
    ];
    return element(
      'file',
      { id },
      leaf('name', track.file),
      leaf('pathurl', mediaUrl(track.file)),
      rate(),
      leaf('duration', track.length),
      element('media', {}, ...media),
    );
  };
  const trackOf = (track: TimelineTrack, number: number, channel: number): Element => {
    const clips = track.clips.map(({ from, to }, index) =>
      element(
        'clipitem',
        { id: `clip-${number}-${channel}-${index + 1}` },
        leaf('name', track.name),
        leaf('enabled', 'TRUE'),
        leaf('duration', track.length),
        rate(),
        leaf('start', from),
        leaf('end', to),
        leaf('in', from),
        leaf('out', to),
        file(track, `file-${number}`),
        element('sourcetrack', {}, leaf('mediatype', track.kind), leaf('trackindex', channel)),
      ),
    );
    return element('track', {}, ...clips, leaf('enabled', 'TRUE'), leaf('locked', 'FALSE'));
  };
  const numbered = tracks.map((track, index) => ({ track, number: index + 1 }));
  const pictures = numbered
    .filter(({ track }) => track.kind === 'video')
    .map(({ track, number }) => trackOf(track, number, 1));
  const sounds = numbered
    .filter(({ track }) => track.kind === 'audio')
    .flatMap(({ track, number }) =>
      Array.from({ length: track.channels }, (_, index) => trackOf(track, number, index + 1)),
    );
  const marks = markers.map((marker) =>
    element(
      'marker',
      {},
      leaf('name', marker.name),
      leaf('comment', ''),
      leaf('in', marker.from),
      leaf('out', marker.kind === 'chapter' ? -1 : marker.to),
    ),
  );
  const sequence = element(
    'sequence',
    { id: 'sequence-1' },
    leaf('name', name),
    leaf('duration', length),
    rate(),
    element(
      'media',
      {},
      element('video', {}, element('format', {}, picture()), ...pictures),
      element('audio', {}, leaf('numOutputChannels', 2), element('format', {}, sound()), ...sounds),
    ),
    element(
      'timecode',
      {},
      rate(),
      leaf('string', '00:00:00:00'),
      leaf('frame', 0),
      leaf('displayformat', 'NDF'),
    ),
    ...marks,
  );
  return xmlDocument('<!DOCTYPE xmeml>', element('xmeml', { version: 5 }, sequence));
}
