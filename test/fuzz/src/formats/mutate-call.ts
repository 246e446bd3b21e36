import { mutateBytes } from '../engine/mutate-bytes.ts';
import { mutateParts } from '../engine/mutate-parts.ts';
import type { Random } from '../engine/random.ts';
import { type CallCase, CONTAINERS, type Patch, readCallCase, writeCallCase } from './call-case.ts';
import { dumpFraming } from './dump-records.ts';
import type { ListedFile } from './file-list.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));

/** One to a few changes to a recording where its readers look: fields, lines, records, packets, names, and how it is packed. */
export function mutateCall(input: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  let call = readCallCase(input);
  const donor = readCallCase(other);
  for (let left = 1 + random.below(1 << random.below(3)); left > 0; left -= 1)
    call = mutateOnce(call, random, donor);
  return writeCallCase(call);
}

function mutateOnce(call: CallCase, random: Random, donor: CallCase): CallCase {
  switch (random.below(12)) {
    case 0:
      return { ...call, container: random.pick(CONTAINERS) };
    case 1:
      return { ...call, command: random.below(256) };
    case 2:
      return { ...call, patches: [...call.patches, patch(random)] };
    case 3:
      return { ...call, files: withOtherFiles(call.files, random, donor.files) };
    default:
      return { ...call, files: withOneChanged(call.files, random, donor.files) };
  }
}

function patch(random: Random): Patch {
  return {
    fromEnd: random.oneIn(2),
    beforeCompression: random.oneIn(2),
    how: random.below(6),
    // The directory of a ZIP and the header of a tar's first file are short.
    where: random.below(random.pick([32, 600, 65_536])),
    value: random.below(256),
  };
}

const NAMES = [
  '../escaped.rtpdump',
  '/escaped.rtpdump',
  'a/../../../escaped.sdp',
  'timing_metadata.json',
  'u/s/timing_metadata.json',
  'u/s/audio_1.rtpdump',
  '.rawreel-left',
  'manifest.json',
];

function withOtherFiles(
  files: readonly ListedFile[],
  random: Random,
  donors: readonly ListedFile[],
): ListedFile[] {
  const changed = [...files];
  const at = random.below(changed.length);
  switch (random.below(5)) {
    case 0:
      changed.splice(at, 1);
      break;
    case 1:
      if (donors.length > 0) changed.splice(at, 0, random.pick(donors));
      break;
    case 2:
      changed.push(...changed.splice(at, 1));
      break;
    case 3: {
      // Contents under another name: a dump of another codec, an SDP of another track.
      const [one, two] = [changed[at], changed[random.below(changed.length)]];
      if (one !== undefined && two !== undefined) changed[at] = { name: one.name, data: two.data };
      break;
    }
    default: {
      const one = changed[at];
      const name = random.oneIn(2)
        ? bytesOf(random.pick(NAMES))
        : mutateBytes(one?.name ?? new Uint8Array(1), random, bytesOf('x'), []);
      if (one !== undefined) changed[at] = { name: name.subarray(0, 255), data: one.data };
    }
  }
  return changed;
}

function withOneChanged(
  files: readonly ListedFile[],
  random: Random,
  donors: readonly ListedFile[],
): ListedFile[] {
  if (files.length === 0) return [...donors];
  // Metadata is a tenth of the files and half of what goes wrong.
  const jsons = files.filter(({ name }) => text(name).endsWith('.json'));
  const chosen = jsons.length > 0 && random.oneIn(2) ? random.pick(jsons) : random.pick(files);
  const data = changedData(chosen, random, donors);
  return files.map((file) => (file === chosen ? { name: file.name, data: data.subarray(0, 0xffff) } : file));
}

function changedData({ name, data }: ListedFile, random: Random, donors: readonly ListedFile[]): Uint8Array {
  const ending = /\.(json|sdp|rtpdump)$/.exec(text(name))?.[1];
  const sameKind = donors.filter((donor) => text(donor.name).endsWith(`.${ending}`));
  const donor = sameKind.length > 0 ? random.pick(sameKind).data : data;
  if (random.oneIn(12)) return mutateBytes(data, random, donor, []);
  switch (ending) {
    case 'json':
      return bytesOf(changedJson(text(data), random));
    case 'sdp':
      return bytesOf(changedLines(text(data), random, text(donor)));
    case 'rtpdump':
      return random.oneIn(2)
        ? mutateParts(data, dumpFraming, random, donor, [])
        : changedPackets(data, random);
    default:
      return mutateBytes(data, random, donor, []);
  }
}

const VALUES = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e400',
  '9007199254740993',
  '4294967296',
  '""',
  '"audio/opus"',
  '"audio/red"',
  '"video/VP8"',
  '"video/H264"',
  '"video/H265"',
  '"TRACK_TYPE_SCREEN_SHARE"',
  '"TRACK_TYPE_VIDEO"',
  '"../../escaped"',
  '"a\\u0000b\\u202e\\u001b[31m"',
  '"\\ud800"',
  '[]',
  '{}',
  '[{}]',
];

const FIELD_VALUE = /(?<=: ?)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|null|true|false|\[\]|\{\})/g;

function changedJson(json: string, random: Random): string {
  const values = [...json.matchAll(FIELD_VALUE)];
  const found = values.length === 0 ? undefined : random.pick(values);
  if (found === undefined || random.oneIn(10)) return changedLines(json, random, json);
  return (
    json.slice(0, found.index) +
    anotherValue(found[0], values, random) +
    json.slice(found.index + found[0].length)
  );
}

function anotherValue(value: string, values: readonly RegExpMatchArray[], random: Random): string {
  const number = Number(value);
  if (value !== '' && Number.isFinite(number) && !random.oneIn(3)) {
    const steps = [1, 20, 1000, 60_000, 3_600_000, 2 ** 31, 2 ** 32];
    return String(number + random.pick(steps) * (random.oneIn(2) ? 1 : -1));
  }
  if (random.oneIn(4)) return random.pick(values)[0];
  if (random.oneIn(12)) return `${'['.repeat(2000)}${']'.repeat(2000)}`;
  if (random.oneIn(12)) return JSON.stringify('x'.repeat(random.pick([255, 256, 5000])));
  return random.pick(VALUES);
}

const WORDS = [
  'VP8',
  'VP9',
  'H264',
  'AV1',
  'opus',
  'red',
  'rtx',
  'H265',
  '90000',
  '48000',
  '96',
  '111',
  '63',
  '0',
  '-1',
];

/** Lines are dropped, doubled, moved and taken from another text; words and numbers in them are exchanged. */
function changedLines(lines: string, random: Random, donor: string): string {
  const changed = lines.split('\n');
  const at = random.below(changed.length);
  switch (random.below(5)) {
    case 0:
      changed.splice(at, 1 + random.below(3));
      break;
    case 1:
      changed.splice(at, 0, changed[random.below(changed.length)] ?? '');
      break;
    case 2:
      changed.push(...changed.splice(at, 1));
      break;
    case 3:
      changed.splice(at, 0, random.pick(donor.split('\n')));
      break;
    default: {
      const words = [...(changed[at] ?? '').matchAll(/[A-Za-z0-9.]+/g)];
      const word = words.length === 0 ? undefined : random.pick(words);
      if (word !== undefined)
        changed[at] =
          `${word.input.slice(0, word.index)}${random.pick(WORDS)}${word.input.slice(word.index + word[0].length)}`;
    }
  }
  return changed.join('\n');
}

/** Fields of RTP that decide where a packet belongs; from one packet on, or of one alone. */
function changedPackets(dump: Uint8Array, random: Random): Uint8Array {
  const { head, parts } = dumpFraming.split(dump);
  if (parts.length === 0) return dump;
  const change = random.pick(PACKET_CHANGES)(random);
  const from = random.below(parts.length);
  const to = random.oneIn(2) ? from + 1 + random.below(3) : parts.length;
  const changed = parts.map((part, at) => {
    if (at < from || at >= to || part.length < PART_HEAD + 12) return part;
    const copy = new Uint8Array(part);
    change(new DataView(copy.buffer));
    return copy;
  });
  return dumpFraming.join(head, changed);
}

/** Of a part: whether its RTP length fits, that length, the receive offset; the packet follows. */
const PART_HEAD = 1 + 2 + 4;

const PACKET_CHANGES: readonly ((random: Random) => (part: DataView) => void)[] = [
  (random) => {
    const by = random.pick([1, 50, 3000, 90_000, 90_000 * 60, 0x4000_0000, 0x8000_0000]);
    return (part) => part.setUint32(PART_HEAD + 4, part.getUint32(PART_HEAD + 4) + by);
  },
  (random) => {
    const by = random.pick([1, 2, 100, 0x3fff, 0x8000]);
    return (part) => part.setUint16(PART_HEAD + 2, part.getUint16(PART_HEAD + 2) + by);
  },
  (random) => {
    const ssrc = random.next();
    return (part) => part.setUint32(PART_HEAD + 8, ssrc);
  },
  (random) => {
    const type = random.pick([0, 63, 96, 97, 98, 111, 127]);
    return (part) => part.setUint8(PART_HEAD + 1, (part.getUint8(PART_HEAD + 1) & 0x80) | type);
  },
  () => (part) => part.setUint8(PART_HEAD + 1, part.getUint8(PART_HEAD + 1) ^ 0x80),
  (random) => {
    const flags = random.pick([0x00, 0x80, 0x90, 0xa0, 0xb0, 0x8f, 0xc0]);
    return (part) => part.setUint8(PART_HEAD, flags);
  },
  (random) => {
    const by = random.pick([1, 200, 5000, 60_000, 3_600_000, 0x7fff_ffff]);
    return (part) => part.setUint32(3, part.getUint32(3) + by);
  },
  (random) => {
    const length = random.below(2000);
    return (part) => {
      part.setUint8(0, 0);
      part.setUint16(1, length);
    };
  },
];
