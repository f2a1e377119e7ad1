// Requests of one connection that its broker has not answered yet. Each settles with the answer or with the end of the
// connection; mqtt.js leaves some of them pending.
import type { KnownError } from '../../core/errors.ts';

export interface Answers {
  /**
   * Settles with the result that `begin` passes to `done`, or with the reason of `fail`, whichever comes first. `begin` is
   * called at once, or when enough earlier requests have been answered.
   */
  ask(begin: (done: (cause?: unknown) => void) => void): Promise<void>;
  /** Rejects all pending and all later requests. */
  fail(reason: KnownError): void;
  /** Resolves when no request is pending. */
  idle(): Promise<void>;
}

export interface AnswerSettings {
  /** Most requests in flight at once; later ones wait. */
  readonly most: number;
  /** How long the oldest request may wait after the answer to the one before it, ms. */
  readonly answerMs: number;
  /** Called when the oldest request has waited too long. */
  readonly onOverdue: () => void;
  /** Makes the error that `ask` rejects with from a failed answer. */
  readonly explain: (cause: unknown) => KnownError;
}

interface Question {
  readonly begin: (done: (cause?: unknown) => void) => void;
  /** To be called with the answer; without a cause = success. */
  readonly done: (cause?: unknown) => void;
  readonly reject: (reason: KnownError) => void;
}

/** Requests begin in the order of the calls. */
export function createAnswers({ most, answerMs, onOverdue, explain }: AnswerSettings): Answers {
  const waiting = new Set<Question>();
  const unbegun: Question[] = [];
  const idle: (() => void)[] = [];
  let failure: KnownError | undefined;
  let overdue: NodeJS.Timeout | undefined;
  let beginning = false;

  const watchOldest = (): void => {
    clearTimeout(overdue);
    if (waiting.size > 0) overdue = setTimeout(onOverdue, answerMs);
    else for (const resolve of idle.splice(0)) resolve();
  };
  const beginNext = (): void => {
    if (beginning) return; // a request may be answered while it begins
    beginning = true;
    while (waiting.size - unbegun.length < most) {
      const next = unbegun.shift();
      if (!next) break;
      start(next);
    }
    beginning = false;
  };
  /** Returns whether it was still pending. */
  const settle = (question: Question): boolean => {
    const [oldest] = waiting;
    if (!waiting.delete(question)) return false;
    if (question === oldest) watchOldest();
    beginNext();
    return true;
  };
  return {
    ask: (begin) =>
      new Promise((resolve, reject) => {
        if (failure) {
          reject(failure);
          return;
        }
        const question: Question = {
          begin,
          reject,
          done(cause) {
            if (!settle(question)) return;
            if (cause) reject(explain(cause));
            else resolve();
          },
        };
        waiting.add(question);
        unbegun.push(question);
        if (waiting.size === 1) watchOldest();
        beginNext();
      }),
    fail(reason) {
      failure ??= reason;
      unbegun.length = 0;
      const rejected = [...waiting];
      waiting.clear();
      watchOldest();
      for (const { reject } of rejected) reject(failure);
    },
    idle: () => (waiting.size === 0 ? Promise.resolve() : new Promise((done) => idle.push(done))),
  };
}

function start({ begin, done }: Question): void {
  try {
    begin(done);
  } catch (cause) {
    done(cause);
  }
}
