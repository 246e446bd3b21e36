export { type S3Server, startS3Server } from './server.ts';
export { type PresignOptions, presignedUrl, type SignedRequest, signedFetch } from './signed.ts';
