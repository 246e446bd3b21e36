/**
 * What an archive may ask for before it is refused. All of it is foreign: each of these bounds is far above what a
 * recorder writes, and far below what fills a disk, a memory or a day unnoticed.
 */

/** Bytes of one entry, inflated: 30 hours at 1 Mbit/s. */
export const DEFAULT_MAX_ENTRY_SIZE = 16 * 1024 ** 3;

/** Entries of every kind; a call of a thousand people who all reconnect has some ten thousand. */
export const DEFAULT_MAX_ENTRIES = 100_000;

/**
 * Inflated bytes of all dumps together, as a multiple of the archive's own: media hardly deflates, silence at most
 * tenfold, for every packet has a number and a time of its own. Deflate itself reaches a thousandfold.
 */
const MOST_EXPANSION = 100;
/** Whatever the archive's size: so much fits on any disk that recordings are processed on. */
const LEAST_TOTAL = 256 * 1024 ** 2;

/** Inflated bytes that the dumps of an archive may have together; whoever raised the bound of one entry trusts it. */
export function mostInflated(archiveBytes: number, maxEntrySize: number | undefined): number {
  return Math.max(LEAST_TOTAL, MOST_EXPANSION * archiveBytes, maxEntrySize ?? 0);
}

/**
 * Inflated bytes of dumps of a tar.gz that are written to disk before any metadata has listed them, since metadata may
 * follow its dumps. What was left in the archive because of it is written in a second pass, where it is listed.
 */
export function mostUnlisted(archiveBytes: number): number {
  return 64 * 1024 ** 2 + 4 * archiveBytes;
}

/** Metadata of a long call is some 100 kB, an SDP 1 kB. */
export const MAX_SMALL_ENTRY = 8 * 1024 * 1024;
export const MAX_SMALL_TOTAL = 64 * 1024 * 1024;

/** Segments in all metadata: each needs an entry of its own. */
export const MOST_SEGMENTS = 100_000;

/** Lists and objects in one metadata file, two for each segment and more to spare: three bytes of text are fifty of memory. */
export const MOST_NODES = 4 * MOST_SEGMENTS;

/**
 * Characters of an id, a type or a codec. Stream allows 255 for user ids. Ids are repeated in every problem, track and
 * file name, so that a long one costs many times its length.
 */
export const LONGEST_ID = 1000;

/** Characters of a segment's file name: file systems take half of it, and some write folders before it. */
export const LONGEST_BASE = 500;

/** Characters of an entry's name with its folders, and of all names together. */
export const LONGEST_NAME = 4096;
export const MOST_NAME_CHARACTERS = 32 * 1024 * 1024;

/** An extracted archive is three or four folders deep. */
export const DEEPEST_FOLDER = 32;

/** Problems of one code that are told one by one: nobody reads more, and a hostile archive has one for each entry. */
export const MOST_PROBLEMS_PER_CODE = 1000;
