export type * from './plan.ts';
export type * from './progress.ts';
export type * from './report.ts';
