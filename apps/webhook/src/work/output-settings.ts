import type { PlanRequest } from '@rawreel/processor';

/** What is made of a recording, and where it goes. */
export interface OutputSettings {
  readonly plan: PlanRequest;
  /** A folder, or `s3://bucket/prefix`. */
  readonly output: string;
  /** Of folders below the output. */
  readonly template: string;
  /** Whether every file is read back and compared with its source. */
  readonly verify: boolean;
}

/** By the name of a call type. */
export type OutputSettingsOf = (callType: string) => OutputSettings;

/** @param callCid `default:standup` */
export const callTypeOf = (callCid: string): string => callCid.slice(0, callCid.indexOf(':'));
