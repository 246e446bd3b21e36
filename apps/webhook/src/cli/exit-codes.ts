export const EXIT = {
  /** Stopped on request: everything is finished or handed back. */
  stopped: 0,
  /** It could not start, or not go on. */
  failed: 1,
  /** The command line or the configuration makes no sense. */
  usage: 2,
} as const;
