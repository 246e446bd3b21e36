"""Prints, as JSON, what foreign readers find in timelines and WAV files: one entry for each file that is named."""
import json
import struct
import sys
import xml.etree.ElementTree as xml

import opentimelineio as otio
import rpp


def timeline(path):
    found = otio.adapters.read_from_file(path)
    if not isinstance(found, otio.schema.Timeline):
        found = next(each for each in found if isinstance(each, otio.schema.Timeline))
    return {
        'name': found.name,
        'start': found.global_start_time.to_frames() if found.global_start_time else None,
        'rates': sorted({clip.source_range.start_time.rate for clip in found.find_clips()}),
        'metadata': dict(found.metadata.get('rawreel', {})),
        'tracks': [track(each) for each in found.tracks],
        'markers': [
            [each.name, int(each.marked_range.start_time.value), int(each.marked_range.duration.value), each.color]
            for each in found.tracks.markers
        ],
    }


def track(found):
    return {
        'kind': found.kind,
        'name': found.name,
        'clips': [
            {
                'name': clip.name,
                'from': clip.range_in_parent().start_time.to_frames(),
                'to': clip.range_in_parent().end_time_exclusive().to_frames(),
                'in': clip.source_range.start_time.to_frames(),
                'url': getattr(clip.media_reference, 'target_url', None),
                'media': stretch(clip.media_reference.available_range),
                'enabled': clip.enabled,
            }
            for clip in found.find_clips()
        ],
    }


def stretch(found):
    return found and [found.start_time.to_frames(), found.end_time_exclusive().to_frames()]


def project(path):
    with open(path, encoding='utf8') as file:
        root = rpp.load(file)
    return {
        'settings': {name: root.find(name)[1:] for name in ('TIMEMODE', 'VIDEO_CONFIG', 'SAMPLERATE')},
        'tracks': [
            {
                'name': each.find('NAME')[1],
                'items': [
                    [item.find('POSITION')[1], item.find('LENGTH')[1], item.find('SOFFS')[1], item.find('SOURCE').find('FILE')[1]]
                    for item in each.findall('ITEM')
                ],
                'shown': [
                    [item.find('NAME')[1], item.find('SOURCE').attrib[0], item.find('MUTE')[1]] for item in each.findall('ITEM')
                ],
            }
            for each in root.findall('TRACK')
        ],
        'markers': [each[1:] for each in root.findall('MARKER')],
    }


def wave(path):
    """Chunks of a RIFF file: names of channels and timestamp (iXML), time reference and date (bext)."""
    found = {}
    with open(path, 'rb') as file:
        file.seek(12)
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack('<4sI', head)
            if name == b'data':
                break
            content = file.read(size + size % 2)[:size]
            if name == b'iXML':
                root = xml.fromstring(content)
                tracks = sorted(root.iter('TRACK'), key=lambda each: int(each.findtext('INTERLEAVE_INDEX')))
                found['channels'] = [each.findtext('NAME') for each in tracks]
                for each in root.iter('SPEED'):
                    high, low = (int(each.findtext(f'TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_{half}')) for half in ('HI', 'LO'))
                    found['timestamp'] = (high << 32) + low
            if name == b'bext':
                found['timeReference'] = struct.unpack_from('<Q', content, 338)[0]
                found['date'] = content[320:338].decode('ascii')
    return found


def resources(path):
    """What the adapter does not look into of an FCPXML document: its formats, assets, sequence and markers."""
    root = xml.parse(path).getroot()
    return {
        'formats': [dict(each.attrib) for each in root.iter('format')],
        'assets': [{**each.attrib, 'src': each.find('media-rep').get('src')} for each in root.iter('asset')],
        'sequence': dict(root.find('.//sequence').attrib),
        'clips': [dict(each.attrib) for each in root.iter('asset-clip')],
        'markers': [
            [each.get('value'), each.get('start'), each.get('duration')]
            for each in root.iter() if each.tag in ('marker', 'chapter-marker')
        ],
    }


def sequence(path):
    """What the adapter does not look into of a Final Cut Pro 7 document, or reckons itself."""
    root = xml.parse(path).getroot()
    found = root.find('sequence')
    texts = lambda each, *names: [each.findtext(name) for name in names]
    return {
        'rates': sorted({tuple(texts(each, 'timebase', 'ntsc')) for each in root.iter('rate')}),
        'duration': found.findtext('duration'),
        'start': texts(found.find('timecode'), 'string', 'frame'),
        'size': texts(found.find('media/video/format/samplecharacteristics'), 'width', 'height'),
        'items': [
            texts(each, 'start', 'end', 'in', 'out', 'duration', 'sourcetrack/mediatype', 'sourcetrack/trackindex')
            for each in root.iter('clipitem')
        ],
        'files': [
            texts(
                each, 'name', 'pathurl', 'duration', 'media/video/samplecharacteristics/width',
                'media/audio/channelcount', 'media/audio/samplecharacteristics/samplerate',
            )
            for each in root.iter('file') if each.find('name') is not None
        ],
        'markers': [texts(each, 'name', 'in', 'out') for each in found.findall('marker')],
    }


def read(path):
    if path.endswith('.rpp'):
        return project(path)
    if path.endswith('.wav'):
        return wave(path)
    if path.endswith('.fcpxml'):
        return {**resources(path), 'timeline': timeline(path)}
    if path.endswith('.xml'):
        return {**sequence(path), 'timeline': timeline(path)}
    return timeline(path)


print(json.dumps([read(path) for path in sys.argv[1:]]))
