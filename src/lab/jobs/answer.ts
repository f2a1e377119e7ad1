// How a job came out, as plain data: what carries errors between threads and machines keeps nothing but their text.
import { type CarriedError, carried, revive } from '../../core/carried-error.ts';

export type Answer =
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: CarriedError };

export async function answerOf(work: () => unknown): Promise<Answer> {
  try {
    return { type: 'done', result: await work() };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { type: 'failed', error: carried(error) };
  }
}

/** Throws the job's own error. */
export function resultOf<Result>(answer: Answer): Result {
  if (answer.type === 'failed') throw revive(answer.error);
  return answer.result as Result; // what the job's kind promises
}
