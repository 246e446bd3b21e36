import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseMediaSections,
  parseSessionDescription,
  type WantedSection,
} from '../../src/sdp/session-description.ts';

const VIDEO = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=-',
  'a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid',
  'm=video 5000 UDP/TLS/RTP/SAVPF 102 97 103 121 116 117',
  'a=rtpmap:102 H264/90000',
  'a=fmtp:102 level-asymmetry-allowed=1; Packetization-Mode=1;profile-level-id=42e01f;sprop-parameter-sets=Z0LgH9oC,aM4x==',
  'a=rtpmap:103 H264/90000',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=102',
  'a=rtpmap:121 RED/90000',
  'a=rtpmap:116 ulpfec/90000',
  'a=rtpmap:117 flexfec-03/90000',
  'a=extmap:13/sendonly urn:3gpp:video-orientation',
  'a=sendonly',
];

const AUDIO = `m=audio 9 UDP/TLS/RTP/SAVPF 111 63 13 126
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:13 CN/8000
a=rtpmap:126 telephone-event/8000
`;

describe('sdp', () => {
  test.each(['\r\n', '\n', '\r'])('sdp · reads media, formats and extensions, lines ending in %j', (end) => {
    const sdp = parseSessionDescription(VIDEO.join(end) + end);
    expect([sdp.kind, sdp.payloadTypes]).toEqual(['video', [102, 97, 103, 121, 116, 117]]);
    expect([...sdp.extensions]).toEqual([
      [9, 'urn:ietf:params:rtp-hdrext:sdes:mid'],
      [13, 'urn:3gpp:video-orientation'],
    ]);
    const h264 = sdp.formats.get(102);
    expect(h264).toMatchObject({ name: 'H264', clockRate: 90000, channels: 1, role: 'media' });
    expect(h264?.parameters.get('packetization-mode')).toBe('1');
    expect(h264?.parameters.get('sprop-parameter-sets')).toBe('Z0LgH9oC,aM4x==');
    expect(sdp.formats.get(97)).toMatchObject({ role: 'rtx', apt: 102 });
    expect([121, 116, 117].map((type) => sdp.formats.get(type)?.role)).toEqual(['red', 'fec', 'fec']);
  });

  test('sdp · reads channels, parameters without a value, and the signals beside the media', () => {
    const sdp = parseSessionDescription(AUDIO);
    expect(sdp.kind).toBe('audio');
    expect(sdp.formats.get(111)).toMatchObject({ name: 'opus', clockRate: 48000, channels: 2 });
    expect([...(sdp.formats.get(63)?.parameters ?? [])]).toEqual([['111/111', '']]);
    expect([13, 126].map((type) => sdp.formats.get(type)?.role)).toEqual(['signal', 'signal']);
  });

  test('sdp · takes the first audio or video section and nothing of the others', () => {
    const sdp = parseSessionDescription(
      `m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=rtpmap:1 X/1\n${AUDIO}${VIDEO.join('\n')}`,
    );
    expect([sdp.kind, [...sdp.formats.keys()]]).toEqual(['audio', [111, 63, 13, 126]]);
  });

  test('sdp · of several sections takes the one of the kind, and of those the one that names the codec', () => {
    const text = `${VIDEO.join('\n')}\nm=video 9 RTP/AVP 96\na=rtpmap:96 VP8/90000\n${AUDIO}`;
    const typesOf = (wanted: WantedSection) => parseSessionDescription(text, wanted).payloadTypes;
    expect(typesOf({ kind: 'audio' })).toEqual([111, 63, 13, 126]);
    expect(typesOf({ kind: 'video', codec: 'vp8' })).toEqual([96]);
    expect(typesOf({ kind: 'video', codec: 'av1' })[0]).toBe(102);
    expect(parseMediaSections(text).map(({ kind }) => kind)).toEqual(['video', 'video', 'audio']);
    expect([...parseSessionDescription(text, { kind: 'audio' }).extensions]).toEqual([
      [9, 'urn:ietf:params:rtp-hdrext:sdes:mid'],
    ]);
  });

  test('sdp · where there is no section of the kind there is no format', () => {
    expect(parseSessionDescription(AUDIO, { kind: 'video' })).toMatchObject({
      payloadTypes: [],
      formats: new Map(),
    });
  });

  test('sdp · a payload type without a map means what RFC 3551 §6 says', () => {
    const { formats } = parseSessionDescription('m=audio 9 RTP/AVP 8 0 96\na=rtpmap:0 opus/48000/2\n');
    expect([...formats].map(([type, { name, clockRate }]) => [type, name, clockRate])).toEqual([
      [0, 'opus', 48_000],
      [8, 'PCMA', 8000],
    ]);
  });

  test('sdp · RED says which payload types are inside', () => {
    const blocksOf = (fmtp: string) =>
      parseSessionDescription(`m=audio 9 RTP/AVP 63\na=rtpmap:63 red/48000/2\n${fmtp}`).formats.get(63)
        ?.blocks;
    expect(blocksOf('a=fmtp:63 111/111\n')).toEqual([111]);
    expect(blocksOf('a=fmtp:63 111/110/300\n')).toEqual([111, 110]);
    expect(blocksOf('a=fmtp:63 minptime=10\n')).toBeUndefined();
    expect(blocksOf('')).toBeUndefined();
  });

  test('sdp · an attribute after its section has ended belongs to no format', () => {
    const sdp = parseSessionDescription(`${AUDIO}m=text 1 RTP/AVP 98\na=rtpmap:98 t140/1000\n`);
    expect(sdp.formats.has(98)).toBe(false);
  });

  test.each([
    ['a payload type above 127', 'a=rtpmap:128 VP8/90000'],
    ['a payload type that is no number', 'a=rtpmap:1e1 VP8/90000'],
    ['no clock rate', 'a=rtpmap:96 VP8'],
    ['a clock rate of 0', 'a=rtpmap:96 VP8/0'],
    ['a clock rate above 32 bits', 'a=rtpmap:96 VP8/9999999999'],
    ['no name', 'a=rtpmap:96 /90000'],
    ['no value', 'a=rtpmap:'],
  ])('sdp · passes over an rtpmap with %s', (_, line) => {
    expect(parseSessionDescription(`m=video 1 RTP/AVP 96\n${line}\n`).formats.size).toBe(0);
  });

  test('sdp · keeps the first of what is said twice', () => {
    const sdp = parseSessionDescription(
      'm=video 1 RTP/AVP 96 96 300 x\na=rtpmap:96 VP8/90000\na=rtpmap:96 VP9/90000\n' +
        'a=fmtp:96 a=1;a=2;;=3\na=fmtp:96 b=4\na=extmap:1 u:one\na=extmap:1 u:two\na=extmap:0 u:zero\n',
    );
    expect(sdp.payloadTypes).toEqual([96]);
    expect(sdp.formats.get(96)?.name).toBe('VP8');
    expect([...(sdp.formats.get(96)?.parameters ?? [])]).toEqual([
      ['a', '1'],
      ['b', '4'],
    ]);
    expect([...sdp.extensions]).toEqual([[1, 'u:one']]);
  });

  test('sdp · is bounded in what it keeps', () => {
    const parameters = Array.from({ length: 10_000 }, (_, index) => `k${index}=v`).join(';');
    const lines = Array.from({ length: 10_000 }, (_, id) => `a=extmap:${id} u:${id}`).join('\n');
    const sdp = parseSessionDescription(
      `m=video 1 RTP/AVP 96\na=rtpmap:96 VP8/90000\na=fmtp:96 ${parameters}\n${lines}`,
    );
    expect(sdp.formats.get(96)?.parameters.size).toBe(64);
    expect(sdp.extensions.size).toBe(255);
  });

  test('sdp · is empty for an empty text', () => {
    const sdp = parseSessionDescription('');
    expect([sdp.kind, sdp.payloadTypes, sdp.formats.size, sdp.extensions.size]).toEqual([
      undefined,
      [],
      0,
      0,
    ]);
  });

  test('sdp · random lines never throw and give only sound numbers', () => {
    const line = fc
      .tuple(
        fc.constantFrom('m=audio ', 'm=', 'a=rtpmap:', 'a=fmtp:', 'a=extmap:', ''),
        fc.string({ unit: fc.constantFrom(...'0123456789 /;=aopt\t-x'), maxLength: 30 }),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 30 }), (lines) => {
        const sdp = parseSessionDescription(lines.join('\n'));
        for (const format of sdp.formats.values()) {
          expect(format.payloadType).toBeLessThanOrEqual(127);
          expect(format.clockRate).toBeGreaterThan(0);
          expect(format.channels).toBeGreaterThan(0);
        }
        for (const type of sdp.payloadTypes) expect(type).toBeLessThanOrEqual(127);
      }),
    );
  });
});
