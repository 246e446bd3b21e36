/** What troubles of a call come of, as far as a recording tells. */
export const CAUSES = [
  /** All tracks of a participant stood at once. */
  'network-freeze',
  /** Tracks of several participants stood at once: what they have in common is the server. */
  'server-gap',
  /** Delay rose, then packets were lost or the picture became smaller. */
  'congestion',
  /** Packets were lost for a while, with no sign of a queue. */
  'packet-loss',
  /** Fewer pictures per second, without loss or delay. */
  'cpu-limited',
  /** A sound card whose clock is wrong. */
  'bad-clock',
  /** Pictures of next to nothing. */
  'camera-blocked',
  /** The recording begins in mid-call. */
  'recorded-late',
  /** Somebody waited for a picture that could be shown. */
  'late-key-frame',
] as const;
