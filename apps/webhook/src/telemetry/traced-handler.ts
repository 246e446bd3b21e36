import type { Span } from '@opentelemetry/api';
import type { AttemptStage, Handler } from '@rawreel/jobs';
import { beginSpan, withSpan } from './with-span.ts';

export type OnStage = (stage: AttemptStage, seconds: number) => void;

/** A span for each attempt, with one for each of its stages in it; `onStage` is told how long each took. */
export function tracedHandler(handler: Handler, onStage: OnStage): Handler {
  return (job) => {
    const { recordingId, attempt, recording } = job;
    const attributes = {
      'rawreel.app': recording.apiKey,
      'rawreel.call': recording.callCid,
      'rawreel.recording': recordingId,
      'rawreel.attempt': attempt,
    };
    return withSpan('rawreel.attempt', attributes, async (span) => {
      let current: { stage: AttemptStage; span: Span; begunAt: number } | undefined;
      const end = () => {
        if (current === undefined) return;
        current.span.end();
        onStage(current.stage, (performance.now() - current.begunAt) / 1000);
        current = undefined;
      };
      const stage = async (name: AttemptStage) => {
        await job.stage(name);
        end();
        current = { stage: name, span: beginSpan(`rawreel.${name}`, attributes), begunAt: performance.now() };
      };
      try {
        const outputs = await handler({ ...job, stage });
        span.setAttributes({ 'rawreel.files': outputs.files, 'rawreel.bytes': outputs.bytes });
        return outputs;
      } finally {
        end();
      }
    });
  };
}
