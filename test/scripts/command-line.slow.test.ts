// The scripts in TypeScript that load more than half a second of modules.
import { it } from 'vitest';
import { expectHelp, expectRefusal } from './script-runs.ts';

it.each([
  'bench.ts',
  'decision-ablation.ts',
  'drift-alarms.ts',
  'endurance.ts',
  'results.ts',
  'row-writes.ts',
  'store-writes.ts',
])('%s prints its head for --help', (script) => {
  expectHelp(script);
});

it.each([
  ['endurance.ts --minutes ten', "--minutes: found 'ten', expected a whole number from 1 on"],
  ['live-test.ts --lesson loud', "--lesson: found 'loud', expected calm or busy"],
  ['live-test.ts --pause 5', "--pause: found '5', expected a whole number from 20 on"],
])('%s is refused in one line', (line, message) => {
  expectRefusal(line, message);
});
