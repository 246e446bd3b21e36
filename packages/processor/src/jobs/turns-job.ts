import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { TurnsFormat, TurnsOutput } from '../plan/plan.ts';
import { commonEndOf } from '../read/common-zero.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { heardTrack, startOf } from '../report/describe-track.ts';
import { speechDocument, writeSpeechJson } from '../speech/json.ts';
import { writeRttm } from '../speech/rttm.ts';
import type { SpeakerTurns } from '../speech/speaker-turns.ts';
import { writeWebVtt } from '../speech/webvtt.ts';
import { tenths } from '../tenths.ts';
import type { WriteResult } from './write-job.ts';

export interface TurnsJob {
  readonly settings: OutputSettings;
  readonly output: TurnsOutput;
  /** Those that have packets. */
  readonly tracks: readonly PlacedTrack[];
  readonly speakers: readonly SpeakerTurns[];
  /** What the turns are counted from. */
  readonly zeroUnixMs: number;
  readonly temporaryName: string;
}

export function turnsJob(job: TurnsJob): WriteResult {
  const { settings, output, tracks, speakers, zeroUnixMs, temporaryName } = job;
  const bytes = Buffer.from(textOf(output.format, job));
  writeFileSync(join(settings.workFolder, temporaryName), bytes);
  const endMs = commonEndOf(tracks, zeroUnixMs);
  return {
    file: {
      kind: 'turns',
      path: output.file,
      ...startOf(zeroUnixMs, settings.zeroUnixMs),
      durationMs: tenths(endMs - zeroUnixMs),
      byteLength: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format: output.format,
      speakers: speakers.filter(({ turns }) => turns.length > 0).length,
      turns: speakers.reduce((sum, { turns }) => sum + turns.length, 0),
      tracks: tracks.map(({ track }) => heardTrack(track)),
    },
    problems: [],
  };
}

function textOf(format: TurnsFormat, { settings, speakers, zeroUnixMs }: TurnsJob): string {
  const { call } = settings.plan;
  const name = `${call.type}:${call.id}`;
  switch (format) {
    case 'json':
      return writeSpeechJson(speechDocument(call, zeroUnixMs, speakers));
    case 'rttm':
      return writeRttm(name, speakers);
    case 'vtt':
      return writeWebVtt(`Who spoke when in ${name}`, speakers);
    default:
      return format satisfies never;
  }
}
