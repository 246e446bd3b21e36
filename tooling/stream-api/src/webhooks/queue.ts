/** The region and the service are looked for in the signature; a server for tests asks no more of it. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=stream/20260101/eu-central-1/sqs/aws4_request, SignedHeaders=host, Signature=none';

/**
 * SendMessage of SQS, to the server that the queue's URL names.
 *
 * @throws Error where it is refused
 */
export async function sendToQueue(queueUrl: string, body: string): Promise<void> {
  const response = await fetch(new URL('/', queueUrl), {
    method: 'POST',
    headers: {
      authorization: AUTHORIZATION,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.SendMessage',
    },
    body: JSON.stringify({ QueueUrl: queueUrl, MessageBody: body }),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the queue answered ${response.status}`);
}
