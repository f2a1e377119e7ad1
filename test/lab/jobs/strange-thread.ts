// A thread of tests: it does as it is told, and that may be to die.
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ConfigError } from '../../../src/core/errors.ts';
import { jobHandler } from '../../../src/lab/jobs/job-handler.ts';

export interface StrangeTask {
  readonly what: 'add' | 'refuse' | 'break' | 'hang' | 'dawdle' | 'die';
  readonly values?: Float64Array;
  /** `hang`, `dawdle` and `die` leave this file behind and work the next time; without it they never do. */
  readonly mark?: string;
}

export const handle = jobHandler((task, shared, progress) => {
  const { what, values = new Float64Array(), mark } = task as StrangeTask;
  progress(0.5);
  switch (what) {
    case 'add':
      return values.reduce((sum, value) => sum + value, Number(shared ?? 0));
    case 'refuse':
      throw new ConfigError('found nothing: add something');
    case 'break':
      throw new TypeError('a bug');
    case 'hang':
      return wasHere(mark)
        ? 'worked at last'
        : new Promise(() => setInterval(() => undefined, 1e6));
    case 'dawdle':
      return wasHere(mark) ? 'worked at last' : setTimeout(2000, 'too late');
    case 'die':
      return wasHere(mark) ? 'worked at last' : process.exit(3);
  }
});

function wasHere(mark: string | undefined): boolean {
  if (mark === undefined) return false;
  if (existsSync(mark)) return true;
  writeFileSync(mark, '');
  return false;
}
