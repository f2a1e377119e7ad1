// What one connection asked of its broker and has no answer to yet. Each question settles: with the answer, or with the
// end of the connection. mqtt.js alone keeps some waiting for ever.
import type { KnownError } from '../../core/errors.ts';

export interface Answers {
  /**
   * Settles with what `begin` reports to `done`, or with the reason of `fail`, whichever comes first. `begin` is called
   * at once, or when enough of the questions before have been answered.
   */
  ask(begin: (done: (cause?: unknown) => void) => void): Promise<void>;
  /** Rejects all that wait, and whatever is asked later. */
  fail(reason: KnownError): void;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

export interface AnswerSettings {
  /** Questions under way at once; later ones wait their turn. */
  readonly most: number;
  /** How long the oldest question may be without an answer since the one before it had its own, ms. */
  readonly answerMs: number;
  /** The oldest question has waited too long. */
  readonly onOverdue: () => void;
  /** What `ask` rejects with when the answer is a fault. */
  readonly explain: (cause: unknown) => KnownError;
}

interface Question {
  readonly begin: (done: (cause?: unknown) => void) => void;
  /** Without a cause it was answered well. */
  readonly done: (cause?: unknown) => void;
  readonly reject: (reason: KnownError) => void;
}

/** Questions begin in the order they were asked. */
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
    if (beginning) return; // a question may be answered before it has quite begun
    beginning = true;
    while (waiting.size - unbegun.length < most) {
      const next = unbegun.shift();
      if (!next) break;
      start(next);
    }
    beginning = false;
  };
  /** Whether it was waiting still. */
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
