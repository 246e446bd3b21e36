import {
  createDepacketizer,
  type MediaPacket,
  MediaStream,
  parseRtpPacket,
  parseSessionDescription,
  RtpdumpError,
  RtpdumpReader,
  type RtpdumpRecord,
  type SessionDescription,
} from '@rawreel/rtp';
import { check } from '../engine/check.ts';
import { joined } from '../engine/mutate-bytes.ts';
import { bucket, type Observation, type Target } from '../engine/target.ts';
import { readStreamCase, type StreamCase, streamCaseFraming } from '../formats/stream-case.ts';
import { FrameJudge } from '../oracles/frames.ts';

/** A segment from its bytes to its frames, each stage judged. */
export const mediaStreamTarget: Target = {
  name: 'media-stream',
  framing: streamCaseFraming,
  run(bytes, observation) {
    const input = readStreamCase(bytes);
    const description = input.withoutSdp ? undefined : parseSessionDescription(input.sdp);
    const records = readRecords(input.dump);
    if (records === undefined) return;
    const stream = new MediaStream({
      codec: input.codec,
      clockRate: input.codec === 'opus' ? 48_000 : 90_000,
      description,
      ...(input.narrow ? { reorderPackets: 4, reorderWindowMs: 60, takeoverMs: 100, jumpMs: 300 } : {}),
    });
    const packets: MediaPacket[] = [];
    for (const record of records) {
      stream.push(record);
      pullAll(stream, packets);
    }
    stream.flush();
    pullAll(stream, packets);
    stream.flush();
    check(stream.pull() === undefined, 'a second flush gives out another packet');

    // What it rebuilds lies in no record.
    const mayBeRebuilt = hasRole(description, 'fec');
    checkPackets(packets, stream, mayBeRebuilt ? undefined : input.dump);
    // RED is recognized around Opus where nothing announces it.
    const mayBeRed = hasRole(description, 'red') || input.codec === 'opus';
    if (!mayBeRed && !mayBeRebuilt) checkTimes(packets, records);
    checkStatistics(packets, records, stream, !mayBeRed && !mayBeRebuilt && !hasRole(description, 'rtx'));
    checkReports(stream);
    note(packets, stream, observation);
    const fmtp = description?.formats.values().next().value?.parameters;
    const judge = new FrameJudge(
      createDepacketizer(input.codec, fmtp === undefined ? {} : { fmtp }),
      observation,
    );
    for (const packet of mayBeRebuilt ? inOneBuffer(packets) : packets) judge.push(packet);
    judge.flush();
  },
};

/** Frames are traced by where their bytes lie. */
function inOneBuffer(packets: readonly MediaPacket[]): MediaPacket[] {
  const all = joined(...packets.map(({ payload }) => payload));
  let at = 0;
  return packets.map((packet) => {
    const start = at;
    at += packet.payload.length;
    return { ...packet, payload: all.subarray(start, at) };
  });
}

function readRecords(dump: Uint8Array): RtpdumpRecord[] | undefined {
  const reader = new RtpdumpReader();
  const records: RtpdumpRecord[] = [];
  try {
    reader.push(dump);
    for (let record = reader.next(); record !== undefined; record = reader.next()) records.push(record);
    return records;
  } catch (error) {
    if (!(error instanceof RtpdumpError)) throw error;
    return undefined;
  }
}

function pullAll(stream: MediaStream, into: MediaPacket[]): void {
  for (let packet = stream.pull(); packet !== undefined; packet = stream.pull()) into.push(packet);
}

/** @param dump that all payloads are views on */
function checkPackets(
  packets: readonly MediaPacket[],
  { runs }: MediaStream,
  dump: StreamCase['dump'] | undefined,
): void {
  let previous: MediaPacket | undefined;
  for (const packet of packets) {
    const { run, sequence, lossBefore, payload, rtpTicks, receivedMs } = packet;
    check(payload.length > 0, 'an empty payload');
    if (dump !== undefined) checkView(payload, dump);
    check(Number.isInteger(lossBefore) && lossBefore >= 0, () => `${lossBefore} packets lost`);
    check(Number.isSafeInteger(rtpTicks) && Number.isSafeInteger(sequence), 'numbers that are none');
    check(receivedMs >= 0 && receivedMs < 2 ** 32, () => `received at ${receivedMs}`);
    if (previous === undefined || run !== previous.run) {
      check(run === (previous === undefined ? 0 : previous.run + 1), 'runs that are left out');
      check(lossBefore === 0, 'loss before the first packet of a run');
      checkRunStart(packet, runs);
    } else {
      const missing = sequence - previous.sequence - 1;
      check(missing >= 0, 'sequence numbers that do not rise');
      check(lossBefore <= missing, () => `${lossBefore} lost between numbers ${missing} apart`);
      check(packet.continuesDecoding === undefined, 'a packet in the middle of a run that begins one');
    }
    previous = packet;
  }
  check(runs.length === (previous === undefined ? 0 : previous.run + 1), 'a run without packets');
}

function checkView(payload: Uint8Array, dump: Uint8Array): void {
  check(payload.buffer === dump.buffer, 'a payload that is no view on the dump');
  check(payload.byteOffset >= dump.byteOffset, 'a payload before the dump');
  check(payload.byteOffset + payload.length <= dump.byteOffset + dump.length, 'a payload behind the dump');
}

function checkRunStart(packet: MediaPacket, runs: MediaStream['runs']): void {
  const info = runs[packet.run];
  check(info?.index === packet.run, 'a run that is not listed');
  check(
    info.firstRtpTicks === packet.rtpTicks && info.firstReceivedMs === packet.receivedMs,
    'a run that starts elsewhere',
  );
  check(
    (info.reason === 'start') === (info.index === 0),
    () => `run ${info.index} because of ${info.reason}`,
  );
  const before = runs[packet.run - 1];
  check(!info.continuesTicks || before?.ssrc === info.ssrc, 'ticks that go on from another source');
  check(
    packet.continuesDecoding === undefined || info.reason === 'clock-jump',
    'decoding goes on over lost packets',
  );
}

/**
 * Ticks are the wire's, but for redundant blocks, which have times of their own, and for those that were given others; receive
 * times, too, but within a frame.
 */
function checkTimes(packets: readonly MediaPacket[], records: readonly RtpdumpRecord[]): void {
  const byOffset = new Map<number, RtpdumpRecord>();
  for (const record of records) {
    const packet = record.kind === 'rtp' ? rtpIn(record) : 'rtcp';
    if (typeof packet !== 'string') byOffset.set(record.bytes.byteOffset + packet.payloadOffset, record);
  }
  const earlierMs = new Set<number>();
  for (const [index, { payload, rtpTicks, receivedMs, marker, restamped }] of packets.entries()) {
    // A retransmission's payload begins behind the original's number.
    const record = byOffset.get(payload.byteOffset) ?? byOffset.get(payload.byteOffset - 2);
    const packet = record === undefined ? 'rtcp' : rtpIn(record);
    check(typeof packet !== 'string', 'a payload of no record');
    const isMarked = (record?.bytes[1] ?? 0) >= 0x80;
    check(marker === isMarked, 'another marker');
    if (restamped) {
      const before = packets[index - 1];
      check(before !== undefined, 'a packet behind another without any');
      const isBehind = rtpTicks > before.rtpTicks || before.restamped === true;
      check(isBehind, 'a packet that is not behind the one before');
      earlierMs.add(receivedMs);
      continue;
    }
    check(
      ((rtpTicks % 2 ** 32) + 2 ** 32) % 2 ** 32 === packet.timestamp,
      'another timestamp than on the wire',
    );
    const isOfFrameBefore = rtpTicks === packets[index - 1]?.rtpTicks;
    check(
      receivedMs === record?.offsetMs || (isOfFrameBefore && earlierMs.has(receivedMs)),
      'another receive time',
    );
    earlierMs.add(receivedMs);
  }
}

/** The packet of a record as RTP even where its marker bit makes it look like RTCP (payload types 64 to 95); without that bit. */
function rtpIn({ bytes }: RtpdumpRecord): ReturnType<typeof parseRtpPacket> {
  const unmarked = bytes.slice();
  unmarked[1] = (unmarked[1] ?? 0) & 0x7f;
  return parseRtpPacket(unmarked);
}

function hasRole(description: SessionDescription | undefined, role: string): boolean {
  return [...(description?.formats.values() ?? [])].some((format) => format.role === role);
}

/** Every packet is counted once as what it was, and those received once more as what became of them. */
function checkStatistics(
  packets: readonly MediaPacket[],
  records: readonly RtpdumpRecord[],
  { statistics, runs }: MediaStream,
  isPlain: boolean,
): void {
  for (const [name, count] of Object.entries(statistics)) {
    check(Number.isInteger(count) && count >= 0, () => `${name} is ${count}`);
  }
  const { received, retransmissions, fec, foreign, malformed, padding, late, duplicate, recovered, lost } =
    statistics;
  const parsed = records.filter(isRtp).length;
  const ambiguous = records.filter(
    (record) => record.kind === 'rtp' && parseRtpPacket(record.bytes) === 'rtcp',
  ).length;
  check(received + retransmissions <= parsed + ambiguous, 'more packets counted than there are');
  check(received + retransmissions + fec + foreign >= parsed, 'packets that are not counted');
  check(statistics.recoveredByFec <= recovered, 'more packets rebuilt than recovered');
  check(packets.length + padding <= received + recovered, 'more packets given out than received');
  const told = packets.reduce((sum, { lossBefore }) => sum + lossBefore, 0);
  check(told <= lost, () => `${told} lost before packets, ${lost} in all`);
  if (!isPlain || runs.length > 1000 || ambiguous > 0) return;
  check(received + foreign === parsed, () => `${received} received and ${foreign} foreign of ${parsed}`);
  const broken = malformed - records.filter(isBroken).length;
  const accounted = packets.length + padding + late + duplicate + broken;
  check(received === accounted, () => `${received} received, ${accounted} accounted for`);
}

function isRtp(record: RtpdumpRecord): boolean {
  return record.kind === 'rtp' && !record.truncated && typeof parseRtpPacket(record.bytes) !== 'string';
}

/** A record that is neither RTP nor RTCP. */
function isBroken(record: RtpdumpRecord): boolean {
  if (record.kind === 'rtp' && record.truncated) return true;
  const packet = parseRtpPacket(record.bytes);
  if (record.kind === 'rtp' && typeof packet !== 'string') return false;
  if (record.kind === 'rtp' && packet !== 'rtcp') return true;
  return !isWholeRtcp(record.bytes);
}

function isWholeRtcp(bytes: Uint8Array): boolean {
  const [first = 0, type = 0, high = 0, low = 0] = bytes;
  if (bytes.length < 4 || first >> 6 !== 2 || type < 192 || type > 223) return false;
  return 4 * ((high << 8) + low + 1) <= bytes.length;
}

function checkReports({ senderReports, runs }: MediaStream): void {
  for (const { run, rtpTicks, ntpMs, receivedMs } of senderReports) {
    check(run >= 0 && run < runs.length, () => `a report of run ${run}, of ${runs.length}`);
    check(
      Number.isSafeInteger(rtpTicks) && Number.isFinite(ntpMs) && receivedMs >= 0,
      'a report without times',
    );
  }
}

function note(
  packets: readonly MediaPacket[],
  { statistics, runs, senderReports }: MediaStream,
  to: Observation,
): void {
  to.feature('packets', bucket(packets.length));
  for (const [name, count] of Object.entries(statistics)) to.feature(name, bucket(count));
  const { late, duplicate, reordered, recovered, padding, foreign, malformed, lost } = statistics;
  const kinds = [late, duplicate, reordered, recovered, padding, foreign, malformed, lost];
  to.feature(
    'kinds',
    kinds.reduce((mask, count, at) => mask | (Math.min(count, 2) << (2 * at)), 0),
  );
  let reasons = '';
  for (const { reason } of runs.slice(0, 4)) reasons += `${reason} `;
  to.feature(`runs ${reasons}`, bucket(runs.length));
  to.feature('reports', bucket(senderReports.length));
}
