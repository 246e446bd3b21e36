export { CODEC_IDS } from './codec-ids.ts';
export type * from './door.ts';
export { dateUtc } from './layout/date-utc.ts';
export { MatroskaError, type MatroskaErrorCode } from './matroska-error.ts';
export { MatroskaWriter } from './matroska-writer.ts';
export { FileSink } from './sinks/file-sink.ts';
export { MemorySink } from './sinks/memory-sink.ts';
export { StreamSink } from './sinks/stream-sink.ts';
