import { type Attributes, type Span, SpanStatusCode, trace } from '@opentelemetry/api';

/** Nothing is recorded until the environment of the process registers an SDK of OpenTelemetry's. */
const tracer = trace.getTracer('rawreel-webhook');

/**
 * Does some work within a span, so that what libraries tell of it belongs there. A failure is told by the code of its error: messages may
 * quote links.
 */
export async function withSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return await tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      const { code, kind = code, name: type } = error as { code?: string; kind?: string; name?: string };
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', String(kind ?? type));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Begins a span within the one that is active; whoever begins it ends it. */
export const beginSpan = (name: string, attributes: Attributes): Span =>
  tracer.startSpan(name, { attributes });
