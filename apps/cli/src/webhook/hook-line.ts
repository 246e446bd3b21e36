import type { StoredHook } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import type { RecordingControlPackage } from '../lazy-packages.ts';

/** On one line: the kind, the address, the types. */
export function hookLine(hook: StoredHook, library: RecordingControlPackage): string {
  const shown = library.withoutHookSecrets(hook) as StoredHook;
  const { hook_type: type, enabled, webhook_url: url, sqs_queue_url: queue, sns_topic_arn: topic } = shown;
  const address = { webhook: url, sqs: queue, sns: topic }[String(type)] ?? '-';
  const types = library.eventTypesOf(hook).join(', ') || 'all events';
  const isOff = enabled === false ? '  (switched off)' : '';
  return printable(`${String(type)}  ${String(address)}  ${types}${isOff}`);
}
