/** A path as ffmpeg is given it: without the protocol, what stands before a colon in it is taken for one. */
export const fileUrl = (path: string): string => `file:${path}`;
