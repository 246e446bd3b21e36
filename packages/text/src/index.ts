export { formatBytes } from './format-bytes.ts';
export { jsonLine, jsonText } from './json-text.ts';
export { linkExpiry } from './link-expiry.ts';
export { printable } from './printable.ts';
export { redactedUrl } from './redacted-url.ts';
