import { GATE_DBOV } from '@rawreel/processor/choices';
import { decimal } from '../declare/kinds.ts';

/** Of what mixes. */
export const GATE = decimal({
  group: 'What',
  help: 'mix silence in place of packets whose sender says that they are quieter than this (RFC 6464), such as -50',
  placeholder: 'dBov',
  example: '-50',
  from: GATE_DBOV.least,
  to: GATE_DBOV.most,
});
