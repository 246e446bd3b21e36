import { isDestination } from '@rawreel/delivery';
import {
  ALIGN_POLICIES,
  BITRATES_KBPS,
  CONTAINERS,
  GAP_POLICIES,
  GATE_DBOV,
  LOSSLESS_FORMATS,
  LOUDNESS_LUFS,
  MEDIA_CHOICES,
  MIX_FORMATS,
  MIX_LAYOUTS,
  MOST_USERS_APART,
  OUTPUTS,
} from '@rawreel/processor/choices';
import * as v from 'valibot';
import { templateProblem } from '../work/template.ts';
import { between, checked, oneOf, settingsOf, whole, yesOrNo } from './values.ts';

const someOutputs = `expected some of ${OUTPUTS.join(', ')}`;

const muxed = settingsOf(
  {
    container: v.optional(oneOf(CONTAINERS)),
    media: v.optional(oneOf(MEDIA_CHOICES)),
    includeSingle: v.optional(yesOrNo),
  },
  'expected { "container", "media", "includeSingle" }',
);

const USERS_APART = Object.keys(MOST_USERS_APART).join(' or ');

const mix = v.pipe(
  settingsOf(
    {
      format: v.optional(oneOf(MIX_FORMATS)),
      layout: v.optional(oneOf(MIX_LAYOUTS)),
      bitrateKbps: v.optional(whole(BITRATES_KBPS.least, BITRATES_KBPS.most)),
      loudnessLufs: v.optional(between(LOUDNESS_LUFS.least, LOUDNESS_LUFS.most)),
      gateDbov: v.optional(between(GATE_DBOV.least, GATE_DBOV.most)),
      screenshare: v.optional(yesOrNo),
    },
    'expected { "format", "layout", "bitrateKbps", "loudnessLufs", "gateDbov", "screenshare" }',
  ),
  v.forward(
    v.partialCheck(
      [['format'], ['layout']],
      ({ format = 'mp3', layout }) => layout !== 'per-user' || MOST_USERS_APART[format] !== undefined,
      `per-user needs the format ${USERS_APART}`,
    ),
    ['layout'],
  ),
  v.forward(
    v.partialCheck(
      [['format'], ['bitrateKbps']],
      ({ format = 'mp3', bitrateKbps }) => bitrateKbps === undefined || !LOSSLESS_FORMATS.includes(format),
      `${LOSSLESS_FORMATS.join(' and ')} are lossless, and have no bitrate`,
    ),
    ['bitrateKbps'],
  ),
);

/** What is made of a recording, how, and where it goes: for all recordings, or for those of one call type. */
export const OUTPUT_SETTINGS = {
  output: checked((value) => (isDestination(value) ? undefined : 'expected a folder, or s3://bucket/prefix')),
  template: checked(templateProblem),
  make: v.pipe(v.array(v.picklist(OUTPUTS, someOutputs), someOutputs), v.nonEmpty(someOutputs)),
  verify: yesOrNo,
  muxed,
  mix,
  gaps: oneOf(GAP_POLICIES),
  align: oneOf(ALIGN_POLICIES),
};
