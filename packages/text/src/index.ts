export { formatBytes } from './format-bytes.ts';
export { jsonLine, jsonText } from './json-text.ts';
export { linkExpiry } from './link-expiry.ts';
export { printable } from './printable.ts';
export { redact } from './redact.ts';
export { redactedUrl } from './redacted-url.ts';
export { someOf } from './some-of.ts';
export { withoutUndefined } from './without-undefined.ts';
export { xmlText } from './xml-text.ts';
