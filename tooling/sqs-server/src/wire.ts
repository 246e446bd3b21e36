export interface Message {
  readonly MessageId: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

export type Attributes = Record<string, string>;

/** moto looks for region and service in the signature, and at the signature itself not. */
const credential = (region: string, service: string) =>
  `AWS4-HMAC-SHA256 Credential=owner-key-id/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;

/**
 * SQS as AWS JSON 1.0. Written here so that what judges our consumer is not the SDK that it uses.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
 */
export class Sqs {
  readonly #endpoint: string;
  readonly #region: string;

  constructor(endpoint: string, region: string) {
    this.#endpoint = endpoint;
    this.#region = region;
  }

  async create(name: string, attributes: Attributes): Promise<string> {
    const { QueueUrl } = await this.#ask('CreateQueue', { QueueName: name, Attributes: attributes });
    return String(QueueUrl);
  }

  async arnOf(queueUrl: string): Promise<string> {
    const { QueueArn = '' } = await this.#attributes(queueUrl);
    return QueueArn;
  }

  async counts(queueUrl: string): Promise<{ waiting: number; inHand: number }> {
    const found = await this.#attributes(queueUrl);
    return {
      waiting: Number(found['ApproximateNumberOfMessages']),
      inHand: Number(found['ApproximateNumberOfMessagesNotVisible']),
    };
  }

  async send(queueUrl: string, body: string): Promise<void> {
    await this.#ask('SendMessage', { QueueUrl: queueUrl, MessageBody: body });
  }

  async receive(queueUrl: string): Promise<readonly Message[]> {
    const { Messages = [] } = await this.#ask('ReceiveMessage', {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      AttributeNames: ['All'],
    });
    return Messages as readonly Message[];
  }

  async #attributes(queueUrl: string): Promise<Attributes> {
    const { Attributes } = await this.#ask('GetQueueAttributes', {
      QueueUrl: queueUrl,
      AttributeNames: ['All'],
    });
    return Attributes as Attributes;
  }

  async #ask(action: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        authorization: credential(this.#region, 'sqs'),
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action} was refused: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }
}

/** SNS as the AWS query protocol. https://docs.aws.amazon.com/sns/latest/api/Welcome.html */
export class Sns {
  readonly #endpoint: string;
  readonly #region: string;

  constructor(endpoint: string, region: string) {
    this.#endpoint = endpoint;
    this.#region = region;
  }

  /** @returns the topic's ARN */
  async create(name: string, queueArn: string): Promise<string> {
    const xml = await this.#ask({ Action: 'CreateTopic', Name: name });
    const TopicArn = /<TopicArn>([^<]+)</.exec(xml)?.[1] ?? '';
    await this.#ask({ Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint: queueArn });
    return TopicArn;
  }

  async publish(topicArn: string, message: string): Promise<void> {
    await this.#ask({ Action: 'Publish', TopicArn: topicArn, Message: message });
  }

  async #ask(fields: Record<string, string>): Promise<string> {
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: { authorization: credential(this.#region, 'sns') },
      body: new URLSearchParams({ ...fields, Version: '2010-03-31' }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${fields['Action']} was refused: ${response.status} ${text}`);
    return text;
  }
}
