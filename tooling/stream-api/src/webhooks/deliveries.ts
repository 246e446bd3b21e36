import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Clock } from '../clock.ts';
import { type App, type Hook, hooksFor } from '../state/app.ts';
import { sendToQueue } from './queue.ts';
import { WebhookSender } from './sender.ts';

/** An event that could not be delivered, as it is left in a bucket. */
export interface FailoverFile {
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
}

export interface DeliveryOptions {
  readonly timeoutMs: number;
  /** Publishes to a topic of SNS. */
  readonly publish: ((topicArn: string, message: string) => Promise<void>) | undefined;
  /** Leaves a file where a hook has a failover. */
  readonly store: ((file: FailoverFile) => Promise<void>) | undefined;
}

/** Sends each event to every hook that wants it, each in its way. */
export class Deliveries {
  readonly #app: App;
  readonly #clock: Clock;
  readonly #options: DeliveryOptions;
  readonly #sender: WebhookSender;
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    app: App,
    credentials: { readonly apiKey: string; readonly secret: string },
    clock: Clock,
    options: DeliveryOptions,
  ) {
    this.#app = app;
    this.#clock = clock;
    this.#options = options;
    this.#sender = new WebhookSender(credentials, clock, options.timeoutMs);
  }

  /** @param times after how many milliseconds it is sent over HTTP, once for each of them */
  send(event: { readonly type: string }, times: readonly number[]): void {
    const json = JSON.stringify(event);
    for (const hook of hooksFor(this.#app, event.type)) this.#deliver(hook, json, times);
  }

  /** Nothing is under way; an attempt may wait for its time. */
  async settled(): Promise<void> {
    do {
      await this.#sender.settled();
      await Promise.all(this.#underWay);
    } while (this.#underWay.size > 0);
  }

  #deliver(hook: Hook['fields'], json: string, times: readonly number[]): void {
    const { isPacked } = this.#app;
    const message = isPacked ? gzipSync(json).toString('base64') : json;
    switch (hook['hook_type']) {
      case 'webhook':
        this.#sender.send(String(hook['webhook_url']), json, isPacked, times, () => this.#fail(hook, json));
        return;
      case 'sqs':
        this.#track(sendToQueue(String(hook['sqs_queue_url']), message), hook, json);
        return;
      case 'sns':
        this.#track(this.#publish(String(hook['sns_topic_arn']), message), hook, json);
        return;
    }
  }

  async #publish(topicArn: string, message: string): Promise<void> {
    await this.#options.publish?.(topicArn, message);
  }

  #track(work: Promise<void>, hook?: Hook['fields'], json = ''): void {
    const done: Promise<void> = work
      .catch(() => {
        if (hook !== undefined) this.#fail(hook, json);
      })
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** How the files lie below the path is not documented: these are the stand-in's own names. */
  #fail(hook: Hook['fields'], json: string): void {
    const failover = hook['failover_config'] as Readonly<Record<string, string>> | undefined;
    const { store } = this.#options;
    if (failover === undefined || store === undefined) return;
    const { gcs_bucket: bucket = '', gcs_path: path = '' } = failover;
    const day = new Date(this.#clock.now()).toISOString().slice(0, 10);
    const key = [path.replace(/^\/+|\/+$/g, ''), day, `${randomUUID()}.json`].filter(Boolean).join('/');
    this.#track(store({ bucket, key, body: json }));
  }
}
