/** What is read of strangers ends here. Nothing Stream is known to send comes near. */

/** A body as it comes. Stream keeps messages in SQS and SNS under 256 KB and documents no bound for HTTP: four times that. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** A body once inflated: inflating it, and checking its signature, blocks other requests for 20 ms at most. */
export const MAX_JSON_BYTES = 4 * 1024 * 1024;
/** A file of events that Stream could not deliver, as it lies and once inflated. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Arrays and objects within each other: `JSON.parse` reads millions of them, and what writes the event down would overflow the stack. */
export const MAX_NESTING = 64;

/** Call ids, egress ids, session ids, event types: Stream's own have at most 64 characters, and an index of PostgreSQL takes 2,700 bytes. */
export const MAX_ID_LENGTH = 256;
export const MAX_FILENAME_LENGTH = 1024;
/** Signed links of all vendors stay below 2,000 characters, with session tokens below 4,000. */
export const MAX_URL_LENGTH = 8192;
