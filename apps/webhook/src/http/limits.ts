/** Stream waits 6 s for an answer (SNS 15 s): what is not answered by then is sent again, and an answer of ours says why. */
export const ANSWER_WITHIN_MS = 5_500;
/** A body of Stream's is there at once: what drips in longer than Stream itself would wait keeps memory for nobody. */
export const BODY_WITHIN_MS = 6_000;
/** Bodies that are being read or stored, all requests together: sixteen of the largest, tens of thousands of real ones. */
export const MAX_HELD_BYTES = 64 * 1024 * 1024;
/**
 * What is read of a body that was refused, so that its sender comes to reading the answer; then the connection is cut. More would fill the
 * memory with what is thrown away, since node reads into new buffers.
 */
export const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;
/** Headers of Stream's requests have under 1 KB, with those of several proxies under 8 KB. */
export const MAX_HEADER_BYTES = 16 * 1024;
export const HEADERS_WITHIN_MS = 10_000;
/** A certificate has 2 KB, the answer to a confirmation 1 KB. */
export const MAX_FETCHED_BYTES = 64 * 1024;
/** Within ANSWER_WITHIN_MS, with time left for storing. */
export const FETCH_WITHIN_MS = 3_000;
/** SNS has one certificate in use and a next one, per region. */
export const MAX_CERTIFICATES = 16;
/** What strangers can make the receiver fetch at the same time. */
export const MAX_FETCHES = 4;
/** A store that does not answer a probe by then does not answer Stream in time either. */
export const READY_WITHIN_MS = 3_000;
