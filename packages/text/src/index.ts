export { formatBytes } from './format-bytes.ts';
export { jsonText } from './json-text.ts';
export { printable } from './printable.ts';
