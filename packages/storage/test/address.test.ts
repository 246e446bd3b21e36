import { describe, expect, test } from 'vitest';
import { describeAddress, isAddress, parseAddress, StorageError } from '../src/index.ts';

describe('address', () => {
  test.each([
    ['s3://bucket/key', true],
    ['https://host/path', true],
    ['HTTP://host/path', true],
    ['gs://bucket/key', true],
    ['azure://container/blob', true],
    ['call.zip', false],
    ['/tmp/call.zip', false],
    ['C:\\calls\\call.zip', false],
    ['C://calls/call.zip', false],
    ['s3:bucket', false],
    ['a folder/with https://in it', false],
  ])('%s is an address: %s', (text, expected) => {
    expect(isAddress(text)).toBe(expected);
  });

  test.each([
    ['s3://bucket/a/b%20c?d#e', 's3://bucket/a/b%20c?d#e'],
    ['S3://bucket/key', 's3://bucket/key'],
    ['s3://bucket//key', 's3://bucket//key'],
    ['s3://bucket/a\u001b[31m\u202eb', 's3://bucket/a\\x1b[31m\\u202eb'],
    ['s3://buck\u001bet/a', 's3://buck\\x1bet/a'],
    ['https://me:secret@Host:8443/a%20b/c?X-Amz-Signature=secret#secret', 'https://host:8443/a%20b/c'],
    ['http://host', 'http://host/'],
  ])('%s is described as %s', (text, expected) => {
    expect(describeAddress(parseAddress(text))).toBe(expected);
  });

  test('a key is as it is: nothing in it is decoded', () => {
    expect(parseAddress('s3://bucket/a%2Fb +?versionId=1')).toEqual({
      scheme: 's3',
      bucket: 'bucket',
      key: 'a%2Fb +?versionId=1',
    });
  });

  test.each([
    ['s3://bucket', /names a bucket, but no object/],
    ['s3://bucket/', /names a bucket, but no object/],
    ['s3:///key', /names no bucket/],
    ['gs://bucket/key', /signed https:\/\/ URL/],
    ['azure://container/blob', /SAS token/],
    ['abfss://container@account.dfs.core.windows.net/blob', /SAS token/],
    ['ftp://host/path', /s3:\/\/bucket\/key and https/],
    ['call.zip', /s3:\/\/bucket\/key and https/],
    ['https://', /is not a URL/],
    ['https://me:secret@host:port/path?sig=secret', /is not a URL/],
  ])('%s is refused, by name and without secrets', (text, expected) => {
    let error: unknown;
    try {
      parseAddress(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(StorageError);
    const { code, message, hint } = error as StorageError;
    expect(code).toBe('ERR_ADDRESS');
    expect(`${message}. ${hint}`).toMatch(expected);
    expect(`${message}${hint}`).not.toContain('secret');
  });
});
