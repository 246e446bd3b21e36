import { readFileSync, truncateSync } from 'node:fs';
import {
  ALL_FORMATS,
  BufferSource,
  EncodedPacketSink,
  Input,
  type InputTrack,
  type InputVideoTrack,
} from 'mediabunny';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MatroskaFrame } from '../src/matroska-frame.ts';
import type { MatroskaOptions } from '../src/matroska-options.ts';
import { MatroskaWriter } from '../src/matroska-writer.ts';
import { FileSink } from '../src/sinks/file-sink.ts';
import type { AudioTrackEntry, VideoTrackEntry } from '../src/track-entry.ts';
import { all, only, type ReadElement, readElements } from './support/ebml-reader.ts';
import { av1, h264, type Media, opus, vp8, vp9 } from './support/media.ts';
import { ffmpegOutput, ffprobe, type Probed, run, Scratch } from './support/tools.ts';
import { appendOnly, frame, inTimeOrder, joined, optionsFor, writeAll } from './support/write.ts';

const scratch = new Scratch();
afterAll(() => scratch[Symbol.dispose]());

const SECONDS = 8;
const START = Date.UTC(2024, 4, 17, 9, 30, 0, 250);

type AnyMedia = Media<AudioTrackEntry | VideoTrackEntry>;

let audio: Media<AudioTrackEntry>;
const videos = new Map<string, Media<VideoTrackEntry>>();

beforeAll(() => {
  audio = opus(SECONDS);
  videos.set('V_VP8', vp8(SECONDS));
  videos.set('V_VP9', vp9(SECONDS));
  videos.set('V_AV1', av1(2));
  videos.set('V_MPEG4/ISO/AVC', h264(SECONDS));
});

function video(codecId: string): Media<VideoTrackEntry> {
  return videos.get(codecId) as Media<VideoTrackEntry>;
}

function optionsOf(media: readonly AnyMedia[], more: Partial<MatroskaOptions> = {}): MatroskaOptions {
  return optionsFor(
    media.map((each) => each.track),
    { title: 'A call', startsAtMs: START, tags: { USER_ID: 'zoë', SESSION_ID: 's/1' }, ...more },
  );
}

/** A file on disk with all of the media, written through a FileSink. */
function fileOf(name: string, media: readonly AnyMedia[], more: Partial<MatroskaOptions> = {}): string {
  const path = scratch.path(name);
  const sink = FileSink.open(path);
  const writer = new MatroskaWriter(sink, optionsOf(media, more));
  for (const [track, each] of inTimeOrder(...media.map((one) => one.frames))) writer.addFrame(track, each);
  writer.finish();
  sink.close();
  return path;
}

function expectRising(probed: Probed): void {
  for (const stream of probed.streams.keys()) {
    const times = probed.packets
      .filter((packet) => packet.stream_index === stream)
      .map((packet) => +packet.pts_time);
    expect(times.length).toBeGreaterThan(0);
    for (const [index, time] of times.entries()) {
      if (index > 0) expect(time).toBeGreaterThan(times[index - 1] as number);
    }
  }
}

function expectPackets(probed: Probed, media: readonly AnyMedia[]): void {
  for (const [stream, { frames }] of media.entries()) {
    const packets = probed.packets.filter((packet) => packet.stream_index === stream);
    expect(packets.map((packet) => [+packet.pts_time, +packet.size, packet.flags.startsWith('K')])).toEqual(
      frames.map((each) => [Math.round(each.timestampMs) / 1000, joined(each).length, each.keyFrame]),
    );
  }
}

describe.each(['V_VP8', 'V_VP9', 'V_AV1', 'V_MPEG4/ISO/AVC'])('real Opus and %s', (codecId) => {
  const name = codecId.replaceAll('/', '_');
  let media: AnyMedia[];
  let path: string;
  let endMs: number;

  beforeAll(() => {
    media = [audio, video(codecId)];
    path = fileOf(`${name}.mkv`, media);
    endMs = Math.max(
      ...media.map(({ frames }) =>
        Math.round((frames.at(-1)?.timestampMs ?? 0) + (frames.at(-1)?.durationMs ?? 0)),
      ),
    );
  });

  test('ffprobe sees every packet at its time, duration, start and tags', () => {
    const probed = ffprobe(path);
    expectPackets(probed, media);
    expectRising(probed);
    expect(+(probed.format.duration ?? 0) * 1000).toBe(endMs);
    expect(+probed.format.start_time).toBe(0);
    expect(probed.format.tags).toMatchObject({
      title: 'A call',
      creation_time: '2024-05-17T09:30:00.250000Z',
      USER_ID: 'zoë',
      SESSION_ID: 's/1',
      encoder: 'rawreel matroska',
    });
    expect(probed.streams[0]).toMatchObject({ codec_name: 'opus', sample_rate: '48000', channels: 1 });
    expect(probed.streams[0]?.initial_padding ?? 0).toBe(0);
    expect(probed.streams[1]).toMatchObject({ width: 160, height: 96 });
  });

  test('ffprobe and mkvmerge see its chapters, each until the next', () => {
    const chapters = [
      { startMs: 0, title: 'zoë joins' },
      { startMs: 1001, title: '日本 shares a screen' },
    ];
    const file = fileOf(`${name}.chapters.mkv`, media, { chapters });
    expect(ffprobe(file, '-show_chapters').chapters).toMatchObject([
      { start_time: '0.000000', end_time: '1.001000', tags: { title: 'zoë joins' } },
      { start_time: '1.001000', tags: { title: '日本 shares a screen' } },
    ]);
    const identified = JSON.parse(run('mkvmerge', ['-J', file]).stdout);
    expect(identified).toMatchObject({ warnings: [], errors: [], chapters: [{ num_entries: 2 }] });
  });

  test('ffmpeg decodes it without a word', () => {
    const result = run('ffmpeg', ['-v', 'warning', '-xerror', '-i', path, '-map', '0', '-f', 'null', '-']);
    expect([result.status, result.stderr]).toEqual([0, '']);
  });

  test('mkvmerge identifies and remuxes it without a warning', () => {
    const identified = run('mkvmerge', ['-J', path]);
    const said = JSON.parse(identified.stdout) as { warnings: string[]; errors: string[]; tracks: unknown[] };
    expect([identified.status, said.warnings, said.errors, said.tracks.length]).toEqual([0, [], [], 2]);
    const remuxed = run('mkvmerge', ['-o', scratch.path(`${name}.remuxed.mkv`), path]);
    expect(remuxed.stdout).not.toMatch(/warning|error/i);
    expect(remuxed.status).toBe(0);
    const packets = ffprobe(scratch.path(`${name}.remuxed.mkv`)).packets;
    expect(packets).toHaveLength(media.reduce((sum, each) => sum + each.frames.length, 0));
  });

  test('mkvinfo reads it to the end without a warning or an unknown element', () => {
    const result = run('mkvinfo', ['-a', '-p', path]);
    expect(result.status).toBe(0);
    expect(result.stdout + result.stderr).not.toMatch(/warning|error|unknown|invalid/i);
    expect(result.stdout).toContain('+ Cues');
    const blocks = result.stdout.match(/Simple block:|\+ Block group/g) ?? [];
    expect(blocks).toHaveLength(media.reduce((sum, each) => sum + each.frames.length, 0));
  });

  test('mediabunny reads the same packets: bytes, times, key flags', async () => {
    const input = new Input({ source: new BufferSource(readFileSync(path)), formats: ALL_FORMATS });
    const tracks = await input.getTracks();
    expect(tracks).toHaveLength(2);
    for (const [index, track] of tracks.entries()) await expectSame(track, media[index]?.frames ?? []);
    expect(await input.computeDuration()).toBe(endMs / 1000);
  });

  test('the append-only stream is read packet for packet, and decodes out of a pipe', () => {
    const { bytes } = writeAll(
      optionsOf(media),
      inTimeOrder(...media.map((each) => each.frames)),
      appendOnly,
    );
    const streamed = scratch.put(`${name}.stream.mkv`, bytes);
    const probed = ffprobe(streamed);
    expectPackets(probed, media);
    expect(probed.format.tags).toMatchObject({ creation_time: '2024-05-17T09:30:00.250000Z' });
    const piped = run(
      'ffmpeg',
      ['-v', 'warning', '-xerror', '-i', '-', '-map', '0', '-f', 'null', '-'],
      bytes,
    );
    expect([piped.status, piped.stderr]).toEqual([0, '']);
    const identified = JSON.parse(run('mkvmerge', ['-J', streamed]).stdout) as {
      warnings: string[];
      errors: string[];
    };
    expect([identified.warnings, identified.errors]).toEqual([[], []]);
  });
});

async function expectSame(track: InputTrack, frames: readonly MatroskaFrame[]): Promise<void> {
  let index = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const expected = frames[index++] as MatroskaFrame;
    expect([Math.round(packet.timestamp * 1000), packet.type]).toEqual([
      Math.round(expected.timestampMs),
      expected.keyFrame ? 'key' : 'delta',
    ]);
    expect(Buffer.compare(packet.data, joined(expected))).toBe(0);
  }
  expect(index).toBe(frames.length);
}

describe('WebM', () => {
  test('ffprobe and mkvmerge take it for WebM and find nothing wrong', () => {
    const media = [audio, video('V_VP9')];
    const path = fileOf('call.webm', media, { docType: 'webm' });
    expectPackets(ffprobe(path), media);
    const said = JSON.parse(run('mkvmerge', ['-J', path]).stdout) as { warnings: string[]; errors: string[] };
    expect([said.warnings, said.errors]).toEqual([[], []]);
    expect(run('mkvinfo', [path]).stdout).toContain('Document type: webm');
    const remuxed = run('mkvmerge', ['--webm', '-o', scratch.path('call.remuxed.webm'), path]);
    expect([remuxed.status, /warning/i.test(remuxed.stdout)]).toEqual([0, false]);
  });
});

describe('tags', () => {
  test('of a track are that track’s for ffprobe', () => {
    const media = [
      { ...audio, track: { ...audio.track, name: 'microphone', tags: { TRACK_ID: 'a=1' } } },
      { ...video('V_VP8'), track: { ...video('V_VP8').track, tags: { TRACK_ID: 'v=1' } } },
    ];
    const { streams } = ffprobe(fileOf('tags.mkv', media));
    expect(streams.map((stream) => stream.tags)).toMatchObject([
      { TRACK_ID: 'a=1', title: 'microphone' },
      { TRACK_ID: 'v=1' },
    ]);
  });
});

describe('seeking', () => {
  test.each([0, 1, 3.5, 7.9])('ffprobe at %d s lands on the key frame at or before it', (seconds) => {
    const path = fileOf('seek.mkv', [audio, video('V_VP8')]);
    const probed = ffprobe(path, '-select_streams', 'v', '-read_intervals', `${seconds}%+#1`);
    const before = video('V_VP8').frames.filter(
      (each) => each.keyFrame && each.timestampMs <= seconds * 1000,
    );
    expect(probed.packets.map((packet) => [+packet.pts_time * 1000, packet.flags[0]])).toEqual([
      [before.at(-1)?.timestampMs, 'K'],
    ]);
  });

  test('ffmpeg -ss gives the very picture that decoding from the start gives there', () => {
    const path = fileOf('seek.mkv', [audio, video('V_VP8')]);
    const hash = ['-frames:v', '1', '-f', 'framemd5', '-'];
    const sought = ffmpegOutput(['-ss', '5.4', '-i', path, '-map', '0:v', ...hash]).toString();
    const decoded = ffmpegOutput([
      '-i',
      path,
      '-map',
      '0:v',
      '-vf',
      'select=gte(t\\,5.4)',
      ...hash,
    ]).toString();
    const picture = (text: string): string | undefined =>
      text.trim().split('\n').at(-1)?.split(',').at(-1)?.trim();
    expect(picture(sought)).toMatch(/^[0-9a-f]{32}$/);
    expect(picture(sought)).toBe(picture(decoded));
  });

  test('goes by Cues: a forged cue sends ffprobe elsewhere', () => {
    const bytes = readFileSync(fileOf('forged.mkv', [video('V_VP8')]));
    const points = all(readElements(bytes), 'Segment', 'Cues', 'CuePoint');
    const [atSix, atSeven] = [6000, 7000].map((time) => {
      const point = points.find((each) => only(each.children, 'CueTime').value === time);
      return only(point?.children ?? [], 'CueTrackPositions', 'CueClusterPosition');
    }) as [ReadElement, ReadElement];
    bytes.copy(bytes, atSix.at, atSeven.at, atSeven.end);
    const forged = scratch.put('forged.mkv', bytes);
    const landed = ffprobe(forged, '-select_streams', 'v', '-read_intervals', '6.5%+#1');
    expect(landed.packets.map((packet) => packet.pts_time)).toEqual(['7.000000']);
  });

  test('mediabunny finds key packets by time', async () => {
    const path = fileOf('seek.mkv', [audio, video('V_VP8')]);
    const input = new Input({ source: new BufferSource(readFileSync(path)), formats: ALL_FORMATS });
    const sink = new EncodedPacketSink((await input.getPrimaryVideoTrack()) as InputVideoTrack);
    expect((await sink.getKeyPacket(4.5))?.timestamp).toBe(4);
  });
});

describe('rotation', () => {
  test.each([
    [90, -90, 'transpose=clock'],
    [180, -180, 'hflip,vflip'],
    [270, 90, 'transpose=cclock'],
  ] as const)(
    '%d° clockwise: ffprobe says %d, ffmpeg shows it turned, mediabunny says the same',
    async (rotation, said, filter) => {
      const { track, frames } = video('V_VP8');
      const path = fileOf(`turned-${rotation}.mkv`, [{ track: { ...track, rotation }, frames }]);
      // The display matrix counts counter-clockwise.
      expect(ffprobe(path).streams[0]?.side_data_list?.[0]?.rotation).toBe(said);

      const hash = ['-frames:v', '3', '-f', 'framemd5', '-'];
      const shown = ffmpegOutput(['-i', path, ...hash]).toString();
      const turned = ffmpegOutput(['-noautorotate', '-i', path, '-vf', filter, ...hash]).toString();
      const flat = ffmpegOutput(['-noautorotate', '-i', path, ...hash]).toString();
      const pictures = (text: string): string[] =>
        text.split('\n').filter((line) => line && !line.startsWith('#'));
      expect(pictures(shown)).toEqual(pictures(turned));
      expect(pictures(shown)).not.toEqual(pictures(flat));

      const input = new Input({ source: new BufferSource(readFileSync(path)), formats: ALL_FORMATS });
      expect(await (await input.getPrimaryVideoTrack())?.getRotation()).toBe(rotation);
    },
  );

  test('mkvmerge keeps it when it remuxes', () => {
    const { track, frames } = video('V_VP8');
    const path = fileOf('turned.mkv', [{ track: { ...track, rotation: 90 }, frames }]);
    const remuxed = scratch.path('turned.remuxed.mkv');
    expect(run('mkvmerge', ['-o', remuxed, path]).status).toBe(0);
    expect(ffprobe(remuxed).streams[0]?.side_data_list?.[0]?.rotation).toBe(-90);
  });
});

describe('odd timelines', () => {
  test('a gap of 25 h is in the timestamps, for ffprobe and mediabunny', async () => {
    const gap = 25 * 3_600_000;
    const frames = [0, 20, gap, gap + 20].map((at, index) =>
      frame(at, index === 3 ? { durationMs: 20 } : {}),
    );
    const path = fileOf('gap.mkv', [{ track: audio.track, frames }]);
    const probed = ffprobe(path);
    expect(probed.packets.map((packet) => +packet.pts_time * 1000)).toEqual([0, 20, gap, gap + 20]);
    expect(+(probed.format.duration ?? 0) * 1000).toBe(gap + 40);
    const input = new Input({ source: new BufferSource(readFileSync(path)), formats: ALL_FORMATS });
    await expectSame((await input.getTracks())[0] as InputTrack, frames);
  });

  test('tracks that start late keep their distance', () => {
    const later = video('V_VP8').frames.map((each) => ({ ...each, timestampMs: each.timestampMs + 3000 }));
    const lateAudio = audio.frames.map((each) => ({ ...each, timestampMs: each.timestampMs + 1500 }));
    const media = [
      { ...audio, frames: lateAudio },
      { ...video('V_VP8'), frames: later },
    ];
    const probed = ffprobe(fileOf('late.mkv', media));
    expectPackets(probed, media);
    expect(+probed.format.start_time).toBe(1.5);
  });

  test('2.5 ms frames are 1 ms apart from their time at most, and rising', () => {
    const frames = Array.from({ length: 400 }, (_, index) => frame(index * 2.5));
    expectRising(ffprobe(fileOf('short.mkv', [{ track: audio.track, frames }])));
  });

  test('a file cut off before finish plays up to its last whole cluster', () => {
    const media = [audio, video('V_VP8')];
    const path = scratch.path('unfinished.mkv');
    const sink = FileSink.open(path);
    const writer = new MatroskaWriter(sink, optionsOf(media));
    for (const [track, each] of inTimeOrder(...media.map((one) => one.frames))) writer.addFrame(track, each);
    sink.close();
    const probed = ffprobe(path);
    expectRising(probed);
    expect(probed.packets.filter((packet) => packet.stream_index === 1)).toHaveLength(7 * 25);
    const said = JSON.parse(run('mkvmerge', ['-J', path]).stdout) as { warnings: string[]; errors: string[] };
    expect([said.warnings, said.errors]).toEqual([[], []]);
  });

  test('a finished file cut short afterwards still gives what is left', () => {
    const path = fileOf('cut.mkv', [audio]);
    truncateSync(path, 10_000);
    const result = run('ffprobe', [
      '-v',
      'fatal',
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      path,
    ]);
    expect(result.stdout.trim().split('\n').length).toBeGreaterThan(100);
  });
});
