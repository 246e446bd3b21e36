import { count } from '../declare/kinds.ts';

export const WORKERS = count({
  group: 'Advanced',
  help: 'tracks processed at the same time (default: one per CPU core)',
  example: '4',
});
