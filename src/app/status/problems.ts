// What is wrong with the daemon at the moment, beyond what its figures show: part of every health report until it is over.
import type { Log } from '../log.ts';

export interface Problems {
  /** One line for a person: what is wrong and what to do. Logged when it is new or reads differently than before. */
  raise(key: string, message: string): void;
  /** The problem is over; logged if there was one. */
  clear(key: string): void;
  /** Oldest first. */
  messages(): readonly string[];
}

/** The problems of one run of a stream. Another run under the same name may follow while this one still hangs. */
export interface RunProblems extends Problems {
  /** Clears what the run raised. From now on it raises and clears nothing. */
  release(): void;
}

export function problemsOfRun(problems: Problems): RunProblems {
  const raised = new Set<string>();
  let released = false;
  const clear = (key: string): void => {
    if (released) return;
    raised.delete(key);
    problems.clear(key);
  };
  return {
    raise(key, message) {
      if (released) return;
      raised.add(key);
      problems.raise(key, message);
    },
    clear,
    messages: problems.messages,
    release() {
      for (const key of raised) clear(key);
      released = true;
    },
  };
}

/** `key` names a problem within the daemon, e.g. `stream:motor`; raising it again replaces its message. */
export function createProblems(log: Pick<Log, 'warn' | 'info'>): Problems {
  const problems = new Map<string, string>();
  return {
    raise(key, message) {
      if (problems.get(key) === message) return;
      problems.set(key, message);
      log.warn({ problem: key }, message);
    },
    clear(key) {
      const message = problems.get(key);
      if (problems.delete(key)) log.info({ problem: key }, `no longer a problem: ${message}`);
    },
    messages: () => [...problems.values()],
  };
}
