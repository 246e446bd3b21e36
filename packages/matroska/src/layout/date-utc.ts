import { date, encode } from '../ebml/elements.ts';
import { Id } from '../ebml/ids.ts';

/** The whole DateUTC element (RFC 9559 §5.1.2.8) of a start in unix ms, as long as any other. */
export const dateUtc = (unixMs: number): Uint8Array => encode(date(Id.DateUTC, unixMs));
