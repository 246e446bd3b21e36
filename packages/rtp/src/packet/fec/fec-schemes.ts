import type { ParseFec } from './fec-packet.ts';
import { parseFlexfec } from './flexfec.ts';
import { parseFlexfec03 } from './flexfec-03.ts';
import { parseUlpfec } from './ulpfec.ts';

/** Forward error correction that is understood, by its encoding name in an SDP, in lower case. */
export const FEC_SCHEMES: ReadonlyMap<string, ParseFec> = new Map([
  ['ulpfec', parseUlpfec],
  ['flexfec-03', parseFlexfec03],
  ['flexfec', parseFlexfec],
]);
