// The result of a check of the doctor.
export type Verdict = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly verdict: Verdict;
  /** What was looked at, a word or two. */
  readonly subject: string;
  /** What was found. */
  readonly found: string;
  /** The command or the line of configuration that fixes it; absent when all is well. */
  readonly mend?: string;
}

export function ok(subject: string, found: string): Finding {
  return { verdict: 'ok', subject, found };
}

export function warn(subject: string, found: string, mend: string): Finding {
  return { verdict: 'warn', subject, found, mend };
}

export function fail(subject: string, found: string, mend: string): Finding {
  return { verdict: 'fail', subject, found, mend };
}

/** One line, and a second one with the fix if there is one. */
export function findingText({ verdict, subject, found, mend }: Finding): string {
  const line = `${verdict.padEnd(4)}  ${subject}: ${found}`;
  return mend === undefined ? line : `${line}\n      -> ${mend}`;
}
