export { type QueueOptions, type SqsServer, startSqsServer } from './server.ts';
