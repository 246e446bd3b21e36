export interface Check {
  readonly name: 'node' | 'ffmpeg' | 'names' | 'room' | 'terminal';
  /** `limited`: works, with the restriction that `advice` names. `missing`: does not work. */
  readonly state: 'ok' | 'limited' | 'missing';
  readonly found: string;
  /** A line for each thing to know. */
  readonly advice?: string;
}
