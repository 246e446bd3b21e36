export { CACHE_LIMITS, cacheFor, type Remote } from './cache.ts';
export { type Delivered, type DeliveryEvents, deliver, type Order } from './deliver.ts';
export type { Destination } from './destination.ts';
export { DeliveryError, type DeliveryErrorCode } from './errors.ts';
export { isDestination, openDestination } from './open-destination.ts';
export { type InputOptions, openInput, type Source } from './open-input.ts';
export type { ArchiveDoor, Doors, OpenedRecording, ProcessorDoor, StorageDoor } from './packages.ts';
export { type ProbedDestination, probeDestination } from './probe-destination.ts';
