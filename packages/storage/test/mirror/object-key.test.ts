import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/index.ts';
import { objectKey } from '../../src/mirror/object-key.ts';

const keyOf = (text: string, endpoint?: string) => objectKey(parseAddress(text), endpoint);

describe('object key', () => {
  test.each([
    [
      'AWS, version 4',
      '?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Date=c&X-Amz-Expires=d&X-Amz-SignedHeaders=e&X-Amz-Security-Token=f&X-Amz-Signature=g',
    ],
    ['AWS, version 2', '?AWSAccessKeyId=a&Expires=1&Signature=b'],
    ['CloudFront', '?Policy=p&Expires=1&Signature=b&Key-Pair-Id=c'],
    ['Google, version 4', '?X-Goog-Algorithm=a&X-Goog-Credential=b&X-Goog-Date=c&X-Goog-Signature=d'],
    ['Google, version 2', '?GoogleAccessId=a&Expires=1&Signature=b'],
    ['Azure', '?sv=2024-11-04&st=a&se=b&sr=b&sp=r&sig=c'],
    ['a fragment', '#part'],
  ])('is the same whatever the signature: %s', (_, query) => {
    expect(keyOf(`https://host/call.zip${query}`)).toBe(keyOf('https://host/call.zip'));
  });

  test('is the same whatever the order of the rest, and whoever asks', () => {
    expect(keyOf('https://me:pass@host/a?x=1&y=2')).toBe(keyOf('https://HOST/a?y=2&x=1'));
  });

  test('is another one for another host, path, version, or whatever the query says besides', () => {
    const others = [
      'https://host/a',
      'http://host/a',
      'https://host:8443/a',
      'https://host/b',
      'https://host/a?versionId=1',
      'https://host/a?versionId=2',
      'https://host/a?sp=1',
      'https://host/a?Expires=1',
      's3://host/a',
    ];
    expect(new Set(others.map((text) => keyOf(text))).size).toBe(others.length);
  });

  test('is another one behind another endpoint of S3', () => {
    expect(keyOf('s3://b/k', 'http://one:9000')).not.toBe(keyOf('s3://b/k', 'http://two:9000'));
    expect(keyOf('s3://b/k', 'http://one:9000/')).toBe(keyOf('s3://b/k', 'http://one:9000'));
    expect(keyOf('s3://b/k')).not.toBe(keyOf('s3://b/k', 'http://one:9000'));
  });

  test('tells nothing of what it stands for', () => {
    expect(keyOf('https://host/secret?token=secret')).toMatch(/^[0-9a-f]{64}$/);
  });
});
