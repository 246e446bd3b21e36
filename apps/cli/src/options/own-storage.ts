import { argument, choice, text } from '../declare/kinds.ts';

export const STORAGE_NAME = argument('name');

/** What Stream is to know of a bucket. */
export const STORAGE = {
  type: choice({
    group: 'What',
    help: 'provider of the bucket',
    placeholder: 'type',
    choices: ['s3', 'gcs', 'abs'],
    required: true,
  }),
  bucket: text({
    group: 'What',
    help: 'the bucket, or container in Azure',
    placeholder: 'name',
    required: true,
  }),
  path: text({
    group: 'What',
    help: 'prefix of each object (default: none)',
    placeholder: 'prefix',
    example: 'calls',
    mayBeEmpty: true,
  }),
  region: text({ group: 'What', help: 'region of an s3 bucket', placeholder: 'region' }),
  endpoint: text({
    group: 'What',
    help: 'S3-compatible server other than AWS',
    placeholder: 'url',
    example: 'https://minio.example:9000',
  }),
  credentials: text({
    group: 'What',
    help: 'file with the credentials that Stream writes with',
    placeholder: 'file',
    completes: 'file',
    example: 'keys.json',
  }),
};

/** Whose recordings are meant. */
export const ASSIGNED_CALL_TYPE = text({
  group: 'What',
  help: 'the call type',
  placeholder: 'name',
  required: true,
});

export const CREDENTIALS_NOTE =
  '--credentials is a JSON file, or - for stdin, so that no secret is on the command line: for s3 { "id", "secret" }, for gcs the key file of a service account, for abs { "accountName", "tenantId", "clientId", "clientSecret" }.';
