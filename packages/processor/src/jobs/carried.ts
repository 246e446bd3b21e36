import { ProcessorError } from '../processor-error.ts';

type Carried<Result> =
  | { readonly result: Result }
  | { readonly failure: Pick<ProcessorError, 'code' | 'message' | 'hint'> };

/** What a job came to as a plain value: an error that goes from thread to thread loses its class, code and hint. */
export async function carry<Result>(work: Promise<Result>): Promise<Carried<Result>> {
  try {
    return { result: await work };
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error;
    const { code, message, hint } = error;
    return { failure: { code, message, hint } };
  }
}

/** @throws {ProcessorError} that was carried. */
export async function uncarry<Result>(carried: Promise<Carried<Result>>): Promise<Result> {
  const outcome = await carried;
  if ('result' in outcome) return outcome.result;
  const { code, message, hint } = outcome.failure;
  throw new ProcessorError(code, message, { hint });
}
