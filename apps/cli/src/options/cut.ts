import { parsed } from '../declare/kinds.ts';
import { type Moment, readMoment } from '../declare/moment.ts';
import type { OptionsOf } from '../declare/option.ts';

const MOMENT = { group: 'What', placeholder: 'when', read: readMoment } as const;

/** Which part of a recording. */
export const CUT = {
  from: parsed({
    ...MOMENT,
    help: 'only from here on: a position in the recording, or a time of day with its zone',
    example: '1:02:03',
  }),
  to: parsed({ ...MOMENT, help: 'only up to here, in the same way', example: '09:45Z' }),
};

export interface CutMoments {
  readonly from: Moment | undefined;
  readonly to: Moment | undefined;
}

export const cutOf = ({ from, to }: OptionsOf<typeof CUT>): CutMoments => ({ from, to });

export const CUT_NOTE =
  '--from and --to: sound is cut between packets, a mix to the sample. Pictures begin with the key frame that the first of them is decoded from, which may be earlier, and the sound beside them there, too; with --align recording all files begin at --from, and the picture with its next key frame.';
