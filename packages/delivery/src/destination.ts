import type { Report } from '@rawreel/processor';

/** Where outputs go, and what becomes of them once they are finished. */
export interface Destination extends AsyncDisposable {
  /** The folder that they are made in. */
  readonly folder: string;
  /** What a person calls the place where they end up. */
  readonly shown: string;
  /** Whether finished files leave the folder. */
  readonly isElsewhere: boolean;
  /** Told of each file that is whole, by its path in the folder; others are still being made. */
  readonly onFinished: (file: string) => void;
  /** All is made: resolves when all is where it belongs, with the report of that. */
  finish(report: Report): Promise<Report>;
}
