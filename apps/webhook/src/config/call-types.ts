import { RECORDING_MODES } from '@rawreel/recording-control';
import * as v from 'valibot';
import { OUTPUT_SETTINGS } from './output-schema.ts';
import { oneOf, settingsOf, yesOrNo } from './values.ts';

/** How raw recording of a call type is to be set at Stream. */
const settings = v.pipe(
  settingsOf(
    {
      mode: v.optional(oneOf(RECORDING_MODES)),
      audioOnly: v.optional(yesOrNo),
      /** Set at the start where it differs; else only told. */
      enforce: v.optional(yesOrNo, false),
    },
    'expected { "mode", "audioOnly", "enforce" }',
  ),
  v.check(
    ({ mode, audioOnly }) => mode !== undefined || audioOnly !== undefined,
    'expected mode, audioOnly or both',
  ),
);

/** What a name is that Stream's API takes for a call type. */
const NAME = /^[\w-]+$/;

/** By the name of a call type: what is otherwise for it. */
export const CALL_TYPES = v.record(
  v.pipe(v.string(), v.regex(NAME, 'is no name of a call type: expected letters, digits, - and _')),
  settingsOf(
    { ...v.partial(v.object(OUTPUT_SETTINGS)).entries, settings: v.optional(settings) },
    'expected { … } of settings',
  ),
  'expected { "<name of a call type>": { … } }',
);
