import { describe, expect, test } from 'vitest';
import { codes, failure, openZip, users } from '../builders/open.ts';
import { dump, type File, metadata, nested, START, sdp, segment } from '../builders/recording.ts';

/** alice is healthy; `data` is bob's metadata. */
function withBob(data: Uint8Array | string): File[] {
  return [
    ...nested('alice'),
    ...nested('bob').map((file) => (file.name.endsWith('.json') ? { ...file, data } : file)),
  ];
}

function ofAlice(audio: unknown, video: unknown = [], fields: Record<string, unknown> = {}): File[] {
  return nested('alice').map((file) =>
    file.name.endsWith('.json') ? { ...file, data: metadata('alice', audio, video, fields) } : file,
  );
}

describe('metadata · unreadable: that session is named and left out, others stay whole', () => {
  const good = metadata('bob');
  test.each([
    ['cut', good.slice(0, 300), 'bob', /no whole JSON/],
    ['empty', '', undefined, /empty/],
    ['null', 'null', undefined, /should be Object and is null/],
    ['an array', '[]', undefined, /should be/],
    ['a number', '7', undefined, /should be Object and is 7/],
    [
      'wrong types',
      '{"participant_id":7,"user_session_id":"s","segments":{}}',
      undefined,
      /"participant_id"/,
    ],
    ['without its user', '{"user_session_id":"s"}', undefined, /"participant_id" is missing/],
    ['segments of a wrong type', metadata('bob', [], [], { segments: 'nothing' }), 'bob', /"segments"/],
    ['UTF-16 with mark', Buffer.from(`\ufeff${good}`, 'utf16le'), 'bob', /UTF-16/],
    ['UTF-16 without mark', Buffer.from(good, 'utf16le'), 'bob', /UTF-16/],
    ['UTF-16 big-endian', Buffer.from(`\ufeff${good}`, 'utf16le').swap16(), 'bob', /UTF-16/],
    ['Latin-1', Buffer.from(metadata('b\u00f6b'), 'latin1'), 'b\u00f6b', /not UTF-8/],
    ['binary', Buffer.from([1, 2, 3, 0xfe, 0xff]), undefined, /UTF-8/],
    ['nested without end', '['.repeat(100_000), undefined, /JSON/],
  ])('%s', async (_, data, userId, reason) => {
    await using recording = await openZip(withBob(data));
    expect(users(recording)).toEqual(['alice']);
    const [problem] = recording.problems;
    expect(problem).toMatchObject({
      code: 'METADATA_UNREADABLE',
      severity: 'damage',
      entry: 'rec/bob/session_1/timing_metadata.json',
    });
    expect(problem?.userId).toBe(userId);
    expect(problem?.message).toMatch(reason);
    expect(codes(recording).slice(1)).toEqual(['DUMP_UNLISTED notice']);
  });

  test('an entry that is damaged itself', async () => {
    const { buildZip } = await import('../builders/zip.ts');
    const { openBytes } = await import('../builders/open.ts');
    const bytes = buildZip(
      withBob(good).map((file) => (file.name.includes('bob/session_1/timing') ? { ...file, crc: 1 } : file)),
    );
    await using recording = await openBytes(bytes);
    expect(users(recording)).toEqual(['alice']);
    expect(recording.problems[0]?.message).toMatch(/checksum/);
  });

  test('all of it: ERR_METADATA_ALL_UNREADABLE, with the reasons', async () => {
    const files = nested('alice').map((file) =>
      file.name.endsWith('.json') ? { ...file, data: '{' } : file,
    );
    const error = await failure(openZip(files));
    expect(error.code).toBe('ERR_METADATA_ALL_UNREADABLE');
    expect(error.hint).toMatch(/rec\/alice\/session_1\/timing_metadata\.json: it is no whole JSON/);
  });
});

describe('metadata · one broken segment does not cost the others', () => {
  test.each([
    ['null', null],
    ['a number', 7],
    ['without base_filename', { codec: 'audio/opus' }],
    ['base_filename of a wrong type', segment('x', { base_filename: 3 })],
    ['base_filename empty', segment('x', { base_filename: '' })],
  ])('%s', async (_, broken) => {
    await using recording = await openZip(ofAlice([broken, segment('audio_1')]));
    expect(recording.tracks[0]?.segments.map(({ base }) => base)).toEqual(['audio_1']);
    expect(recording.problems).toMatchObject([
      { code: 'METADATA_UNREADABLE', severity: 'damage', userId: 'alice' },
    ]);
    expect(recording.problems[0]?.message).toMatch(/audio segment 1 cannot be used/);
  });

  test('a list that is none does not cost the other list', async () => {
    await using recording = await openZip(ofAlice([segment('audio_1')], 'none'));
    expect(recording.tracks).toHaveLength(1);
    expect(codes(recording)).toEqual(['METADATA_UNREADABLE damage']);
  });
});

describe('metadata · tolerated', () => {
  test.each([
    ['a byte order mark', `\ufeff${metadata('bob')}`],
    ['unknown fields', metadata('bob', [segment('audio_1', { new_field: {} })], [], { more: [1, 2] })],
    [
      'offsets of older archives',
      metadata('bob', [segment('audio_1', { start_offset_ms: 3, end_offset_ms: 9 })]),
    ],
    ['lists that are null or missing', metadata('bob', undefined, null)],
    ['call fields of a wrong type', metadata('bob', undefined, [], { call_id: 7 })],
  ])('%s', async (_, data) => {
    await using recording = await openZip(withBob(data));
    expect(users(recording)).toEqual(['alice', 'bob']);
    expect(recording.problems).toEqual([]);
  });

  test('no call fields at all, as in older archives', async () => {
    const old = { participant_id: 'bob', user_session_id: 's', segments: { audio: [segment('audio_1')] } };
    const files = nested('bob').map((file) =>
      file.name.endsWith('.json') ? { ...file, data: JSON.stringify(old) } : file,
    );
    await using recording = await openZip(files);
    expect(recording).toMatchObject({ callType: '', callId: '', callSessionId: '' });
    expect(recording.callStartMs).toBeUndefined();
    expect(recording.tracks).toHaveLength(1);
  });

  test('segments without track id are one track for each type', async () => {
    const bare = (base: string) =>
      segment(base, { track_id: undefined, first_rtp_unix_timestamp: undefined });
    await using recording = await openZip(ofAlice([bare('audio_1'), bare('audio_2')], [bare('video_1')]));
    expect(recording.tracks.map(({ trackId, segments }) => [trackId, segments.length])).toEqual([
      ['TRACK_TYPE_AUDIO', 2],
      ['TRACK_TYPE_VIDEO', 1],
    ]);
  });

  test.each([
    ['audio', undefined, 'TRACK_TYPE_AUDIO'],
    ['audio', 'TRACK_TYPE_NEW', 'TRACK_TYPE_AUDIO'],
    ['audio', 'track_type_screen_share_audio', 'TRACK_TYPE_SCREEN_SHARE_AUDIO'],
    ['audio', 'TRACK_TYPE_SCREEN_SHARE', 'TRACK_TYPE_SCREEN_SHARE_AUDIO'],
    ['audio', 'TRACK_TYPE_VIDEO', 'TRACK_TYPE_VIDEO'],
    ['audio', 'video', 'TRACK_TYPE_VIDEO'],
    ['video', 'TRACK_TYPE_AUDIO', 'TRACK_TYPE_AUDIO'],
    ['video', undefined, 'TRACK_TYPE_VIDEO'],
    ['video', 'TRACK_TYPE_SCREEN_SHARE', 'TRACK_TYPE_SCREEN_SHARE'],
  ])('in the %s list, track type %s is %s', async (list, told, expected) => {
    const segments = [segment(`${list}_1`, { track_type: told })];
    await using recording = await openZip(list === 'audio' ? ofAlice(segments) : ofAlice([], segments));
    expect(recording.tracks[0]).toMatchObject({
      trackType: expected,
      kind: expected.endsWith('AUDIO') ? 'audio' : 'video',
      screenshare: expected.includes('SCREEN_SHARE'),
    });
  });
});

describe('metadata · codec', () => {
  async function codecOf(codec: unknown, text: string | undefined): Promise<[string | undefined, string[]]> {
    const files = ofAlice([segment('audio_1', { codec })]).flatMap((file) => {
      if (!file.name.endsWith('.sdp')) return [file];
      return text === undefined ? [] : [{ ...file, data: text }];
    });
    await using recording = await openZip(files);
    return [recording.tracks[0]?.codec, codes(recording)];
  }

  test.each([
    ['as the metadata spells it', 'audio/OPUS', sdp(), 'audio/OPUS'],
    ['from the SDP where the metadata has none', undefined, sdp(), 'audio/opus'],
    ['from the SDP where the metadata’s is empty', '', sdp(), 'audio/opus'],
    ['a bare name gets its kind', 'opus', sdp(), 'audio/opus'],
    ['without parameters', 'audio/opus; stereo=1', sdp(), 'audio/opus'],
    ['without what an rtpmap has behind the name', 'opus/48000/2', sdp(), 'audio/opus'],
    [
      'from the SDP, behind RED',
      undefined,
      'm=audio 9 RTP/AVP 63 111\na=rtpmap:63 red/48000/2\na=rtpmap:111 opus/48000/2\n',
      'audio/opus',
    ],
    [
      'from the first m-line only, by its payload types',
      undefined,
      'm=audio 9 RTP/AVP 111\na=rtpmap:96 VP8/90000\na=rtpmap:111 opus/48000/2\nm=video 9 RTP/AVP 96\n',
      'audio/opus',
    ],
    [
      'from the section of its kind, wherever that stands',
      undefined,
      'm=video 9 RTP/AVP 96\na=rtpmap:96 VP8/90000\nm=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n',
      'audio/opus',
    ],
    [
      'what RED wraps, where the metadata names RED',
      'audio/red',
      'm=audio 9 RTP/AVP 63 111\na=rtpmap:63 red/48000/2\na=rtpmap:111 opus/48000/2\n',
      'audio/opus',
    ],
    ['Opus, where RED is all that is named', undefined, sdp('red/48000/2'), 'audio/opus'],
    ['the metadata’s, where the SDP names only RED', 'audio/opus', sdp('red/48000/2'), 'audio/opus'],
  ])('%s', async (_, codec, text, expected) => {
    expect(await codecOf(codec, text)).toEqual([expected, []]);
  });

  test('RED without any SDP wraps Opus', async () => {
    expect(await codecOf('audio/red', undefined)).toEqual(['audio/opus', ['SDP_MISSING notice']]);
  });

  test.each([
    ['an SDP of the other kind changes nothing', 'audio/opus', sdp('VP8/90000', 'video'), 'audio/opus'],
    ['an SDP of the same kind says what was sent', 'audio/PCMU', sdp(), 'audio/opus'],
    ['metadata of the other kind is not followed', 'video/VP8', sdp(), 'audio/opus'],
    ['a codec of ours stays where the SDP names none', 'audio/opus', sdp('PCMA/8000'), 'audio/opus'],
  ])('a contradiction is named: %s', async (_, codec, text, expected) => {
    expect(await codecOf(codec, text)).toEqual([expected, ['CODEC_CONTRADICTED notice']]);
  });

  test.each([
    ['audio/PCMU', sdp('PCMU/8000')],
    ['audio/telephone-event', sdp('telephone-event/8000')],
    ['audio/multiopus', sdp('multiopus/48000/6')],
  ])('%s is not supported, which is no damage', async (codec, text) => {
    expect(await codecOf(codec, text)).toEqual([codec, ['CODEC_UNSUPPORTED notice']]);
    expect(await codecOf(undefined, text)).toEqual([codec, ['CODEC_UNSUPPORTED notice']]);
  });

  test('a payload type without a map means what RFC 3551 says', async () => {
    const text = 'm=audio 9 RTP/AVP 8 0\n';
    expect(await codecOf(undefined, text)).toEqual(['audio/PCMA', ['CODEC_UNSUPPORTED notice']]);
  });

  test('where neither tells it is damage', async () => {
    expect(await codecOf(undefined, 'v=0\r\n')).toEqual(['', ['CODEC_UNKNOWN damage']]);
    expect(await codecOf(undefined, undefined)).toEqual([
      '',
      ['CODEC_UNKNOWN damage', 'SDP_MISSING notice'].sort().reverse(),
    ]);
  });
});

describe('metadata · times that cannot be true are left out, and never the zero', () => {
  const later = segment('audio_2', {
    first_rtp_unix_timestamp: START + 60_000,
    last_rtp_unix_timestamp: START + 70_000,
  });
  const year = (value: number): number => Date.UTC(value, 5, 1);

  test.each([
    ['0', { first_rtp_unix_timestamp: 0, last_rtp_unix_timestamp: 0 }],
    ['negative', { first_rtp_unix_timestamp: -5 }],
    ['a text that is no number', { first_rtp_unix_timestamp: '1795167000530 ms' }],
    ['a day without its zone', { first_rtp_unix_timestamp: '2026-11-20T09:30:00.530' }],
    ['a list', { first_rtp_unix_timestamp: [START] }],
    ['year 1970', { first_rtp_unix_timestamp: 86_400_000 }],
    ['year 3000', { first_rtp_unix_timestamp: year(3000) }],
    ['seconds instead of ms', { first_rtp_unix_timestamp: START / 1000 }],
    ['years before all others', { first_rtp_unix_timestamp: year(2015), last_rtp_unix_timestamp: undefined }],
    ['hours before the call began', { first_rtp_unix_timestamp: START - 2 ** 24 }],
    ['last before first', { first_rtp_unix_timestamp: START + 900, last_rtp_unix_timestamp: START + 100 }],
    ['a span of months', { first_rtp_unix_timestamp: year(2026), last_rtp_unix_timestamp: year(2026) + 9e9 }],
  ])('%s', async (_, fields) => {
    await using recording = await openZip(
      ofAlice([segment('audio_1', fields), later]).concat([
        { name: 'rec/alice/session_1/audio_2.rtpdump', data: dump('2') },
        { name: 'rec/alice/session_1/audio_2.sdp', data: sdp() },
      ]),
    );
    expect(codes(recording)).toEqual(['METADATA_TIMES_UNUSABLE notice']);
    const odd = recording.tracks[0]?.segments.find(({ base }) => base === 'audio_1');
    expect(odd?.timing.firstRtpUnixMs).toBeUndefined();
    expect(odd?.timing.firstRtpTimestamp).toBe(1000);
    expect(recording.zeroUnixMs).toBe(START + 60_000);
  });

  test.each([
    ['people who come before the call’s set time', START + 1_800_000],
    ['a start of the call behind most of what was received', START + 2 ** 24],
  ])('%s · are no reason to doubt a receive time', async (_, startMs) => {
    await using recording = await openZip(
      ofAlice([segment('audio_1', { last_rtp_unix_timestamp: START + 7_200_000 })], [], {
        call_start_time: new Date(startMs).toISOString(),
      }),
    );
    expect(codes(recording)).not.toContain('METADATA_TIMES_UNUSABLE notice');
    expect(recording.zeroUnixMs).toBe(START + 500);
  });

  test('numbers are read however they are written', async () => {
    const texts = segment('video_1', {
      first_rtp_rtp_timestamp: '1000',
      last_rtp_rtp_timestamp: '481000.0',
      first_rtp_unix_timestamp: String(START + 500),
      last_rtp_unix_timestamp: START + 10_500.25,
      first_rtcp_rtp_timestamp: '0',
      last_rtcp_rtp_timestamp: '4.294967295e9',
      first_rtcp_ntp_timestamp: '2026-11-20T09:30:01.000Z',
      last_rtcp_ntp_timestamp: '2026-11-20T10:30:09+01:00',
      first_key_frame_offset_ms: ' 40 ',
      max_frame_dimension: { width: '1280', height: 720 },
    });
    await using recording = await openZip(ofAlice([], [texts], { call_start_time: String(START + 250) }));
    expect(codes(recording)).not.toContain('METADATA_TIMES_UNUSABLE notice');
    expect(recording.tracks[0]?.segments[0]?.timing).toEqual({
      firstRtpTimestamp: 1000,
      lastRtpTimestamp: 481_000,
      firstRtpUnixMs: START + 500,
      lastRtpUnixMs: START + 10_500,
      lastReportRtpTimestamp: 4_294_967_295,
      firstReportNtpMs: START + 1000,
      lastReportNtpMs: START + 9000,
      firstKeyFrameOffsetMs: 40,
      maxFrameDimension: { width: 1280, height: 720 },
    });
    expect(recording.callStartMs).toBe(START + 250);
    expect(recording.zeroUnixMs).toBe(START + 500);
  });

  test.each(['', ' ', '0x10', '1e', '12 34', '1_000', 'Infinity', '١٢٣'])(
    '%j is no number',
    async (value) => {
      await using recording = await openZip(
        ofAlice([segment('audio_1', { first_rtp_rtp_timestamp: value })]),
      );
      expect(codes(recording)).toEqual(['METADATA_TIMES_UNUSABLE notice']);
    },
  );

  test('a bare NaN costs its time, not the file', async () => {
    const text = metadata('alice').replace(
      `"first_rtp_unix_timestamp":${START + 500}`,
      '"first_rtp_unix_timestamp":NaN',
    );
    const files = nested('alice').map((file) =>
      file.name.endsWith('.json') ? { ...file, data: text } : file,
    );
    await using recording = await openZip(files);
    expect(codes(recording)).toEqual(['METADATA_TIMES_UNUSABLE notice']);
    expect(recording.tracks[0]?.segments[0]?.timing.lastRtpUnixMs).toBe(START + 10_500);
  });

  test('missing and null times are simply not there', async () => {
    const none = segment('audio_1', {
      first_rtp_unix_timestamp: null,
      last_rtp_unix_timestamp: undefined,
      first_rtcp_rtp_timestamp: 0,
      first_rtcp_ntp_timestamp: 0,
      max_frame_dimension: null,
    });
    await using recording = await openZip(ofAlice([none]));
    expect(recording.problems).toEqual([]);
    expect(recording.tracks[0]?.segments[0]?.timing).toEqual({
      firstRtpTimestamp: 1000,
      lastRtpTimestamp: 481_000,
    });
    expect(recording).toHaveProperty('zeroUnixMs', undefined);
    expect(recording.tracks[0]).toHaveProperty('startsAtMs', undefined);
  });

  test('all of them, where they are good', async () => {
    const full = segment('video_1', {
      first_rtcp_rtp_timestamp: 5000,
      last_rtcp_rtp_timestamp: 4_294_967_295,
      first_rtcp_ntp_timestamp: START + 1000,
      last_rtcp_ntp_timestamp: START + 9000,
      first_key_frame_offset_ms: 40,
      max_frame_dimension: { width: 1280, height: 720 },
    });
    await using recording = await openZip(ofAlice([], [full]));
    expect(recording.tracks[0]?.segments[0]?.timing).toEqual({
      firstRtpTimestamp: 1000,
      lastRtpTimestamp: 481_000,
      firstRtpUnixMs: START + 500,
      lastRtpUnixMs: START + 10_500,
      firstReportRtpTimestamp: 5000,
      lastReportRtpTimestamp: 4_294_967_295,
      firstReportNtpMs: START + 1000,
      lastReportNtpMs: START + 9000,
      firstKeyFrameOffsetMs: 40,
      maxFrameDimension: { width: 1280, height: 720 },
    });
  });

  test.each([-1, 4_294_967_296, 1.5, 'x'])('RTP timestamp %s is none', async (value) => {
    await using recording = await openZip(ofAlice([segment('audio_1', { first_rtp_rtp_timestamp: value })]));
    expect(codes(recording)).toEqual(['METADATA_TIMES_UNUSABLE notice']);
    expect(recording.tracks[0]?.segments[0]?.timing).toHaveProperty('firstRtpTimestamp', undefined);
  });

  test.each([
    ['2026-11-20T09:30:00.250Z', START + 250],
    ['2026-11-20T10:30:00.250123456+01:00', START + 250],
    ['0001-01-01T00:00:00Z', undefined],
    ['yesterday', undefined],
    [7, undefined],
    [START + 250, START + 250],
    [`${START + 250}`, START + 250],
  ])('call_start_time %s', async (value, expected) => {
    await using recording = await openZip(ofAlice([segment('audio_1')], [], { call_start_time: value }));
    expect(recording.callStartMs).toBe(expected);
  });
});

describe('recording · order and grouping', () => {
  test('sessions by user then session; tracks by kind, screen share, start, id; segments by time, then name', async () => {
    const at = (base: string, type: string, id: string, start: number | undefined) =>
      segment(base, {
        track_id: id,
        track_type: type,
        codec: type.includes('AUDIO') ? 'audio/opus' : 'video/VP8',
        first_rtp_rtp_timestamp: undefined,
        first_rtp_unix_timestamp: start === undefined ? undefined : START + start,
        last_rtp_unix_timestamp: undefined,
      });
    const audio = [
      at('s', 'TRACK_TYPE_SCREEN_SHARE_AUDIO', 'sa', 0),
      at('b', 'TRACK_TYPE_AUDIO', 'a2', 50),
      at('a_10', 'TRACK_TYPE_AUDIO', 'a1', 50),
      at('a_2', 'TRACK_TYPE_AUDIO', 'a1', 50),
      at('a_3', 'TRACK_TYPE_AUDIO', 'a1', 70),
      at('a_9', 'TRACK_TYPE_AUDIO', 'a1', undefined),
      at('c', 'TRACK_TYPE_AUDIO', 'a0', 90),
    ];
    const video = [at('v', 'TRACK_TYPE_VIDEO', 'v', 0), at('w', 'TRACK_TYPE_SCREEN_SHARE', 'w', 0)];
    await using recording = await openZip([
      { name: '1_timing_metadata.json', data: metadata('zoe', [], []) },
      { name: '2_timing_metadata.json', data: metadata('bob', [], [], { user_session_id: '2' }) },
      {
        name: '3_timing_metadata.json',
        data: metadata('bob', [...audio], [...video], { user_session_id: '1' }),
      },
    ]);
    expect(recording.sessions.map(({ userId, sessionId }) => [userId, sessionId])).toEqual([
      ['bob', '1'],
      ['bob', '2'],
      ['zoe', 'session-zoe'],
    ]);
    expect(recording.tracks.map(({ trackId }) => trackId)).toEqual(['a1', 'a2', 'a0', 'sa', 'v', 'w']);
    expect(recording.tracks[0]?.segments.map(({ base }) => base)).toEqual(['a_2', 'a_10', 'a_3', 'a_9']);
    expect(recording.tracks[0]).toMatchObject({ startsAtMs: START + 50 });
  });

  test('two calls in one archive: the more common one names it, tracks keep their own', async () => {
    const other = { call_id: 'other', call_start_time: '2026-11-19T09:30:00Z' };
    const file = (user: string, fields: Record<string, unknown> = {}): File[] => [
      { name: `${user}/audio_1.rtpdump`, data: dump(user) },
      { name: `${user}/audio_1.sdp`, data: sdp() },
      { name: `${user}/timing_metadata.json`, data: metadata(user, [segment('audio_1')], [], fields) },
    ];
    await using recording = await openZip([...file('alice', other), ...file('bob'), ...file('carol')]);
    expect(recording).toMatchObject({ callId: 'standup', callStartMs: START + 250 });
    expect(recording.tracks.map(({ callId }) => callId)).toEqual(['other', 'standup', 'standup']);
  });

  test('the same entries in any order give the same recording', async () => {
    const files = [...nested('alice'), ...nested('bob'), ...nested('carol')];
    await using recording = await openZip(files);
    await using turned = await openZip([...files].reverse());
    expect(
      JSON.stringify(
        turned.tracks.map(({ segments, ...track }) => [track, segments.map(({ base }) => base)]),
      ),
    ).toBe(
      JSON.stringify(
        recording.tracks.map(({ segments, ...track }) => [track, segments.map(({ base }) => base)]),
      ),
    );
  });
});
