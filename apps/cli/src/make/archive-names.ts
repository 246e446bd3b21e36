/** As downloads of recordings are named. */
export const ARCHIVE = /\.(zip|tar|tar\.gz|tgz)$/i;
