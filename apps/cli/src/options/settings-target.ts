import { flag, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { exclusive } from '../declare/value-errors.ts';
import { UsageError } from '../failure/errors.ts';

/** Whose settings of raw recording: exactly one of them. */
export const TARGET = {
  call: text({
    group: 'What',
    help: 'this call; set overrides its call type',
    placeholder: 'type:id',
  }),
  callType: text({
    group: 'What',
    help: 'this call type, for all its calls that override nothing',
    placeholder: 'name',
  }),
  allCallTypes: flag({ group: 'What', help: 'every call type of the app', default: false }),
};

export type Target = { readonly call: string } | { readonly callType: string } | 'all call types';

/** @throws UsageError unless one is given */
export function targetOf({ call, callType, allCallTypes }: OptionsOf<typeof TARGET>): Target {
  const target = exclusive<Target>({
    '--call': call === undefined ? undefined : { call },
    '--call-type': callType === undefined ? undefined : { callType },
    '--all-call-types': allCallTypes ? 'all call types' : undefined,
  });
  if (target !== undefined) return target.value;
  throw new UsageError('no call or call type selected', [
    'Add --call <type:id>, --call-type <name> or --all-call-types.',
  ]);
}
