/** An app at Stream whose recordings are taken. */
export interface StreamApp {
  readonly apiKey: string;
  /** The one that holds, first; then, while it is rotated, the old one. */
  readonly secrets: readonly string[];
  /** Undefined: Stream's own. */
  readonly baseUrl?: string | undefined;
}
