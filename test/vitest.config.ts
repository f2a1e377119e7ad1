import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { compiledSources } from './compiled-sources.ts';

/** Compiled with `--mode compiled`, as in `npm test`; else from sources, e.g. for one file at a time, or for coverage. */
export default defineConfig(({ mode }) => ({
  plugins: mode === 'compiled' ? [compiledSources()] : [],
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts', 'node_modules/**'],
    globalSetup: ['test/global-setup.ts'],
    reporters: ['default', './test/proof-reporter.ts', './test/summary-reporter.ts'],
    // Nothing ends sooner that works on a busy machine; what takes long belongs to the slow tests.
    testTimeout: 120_000,
    expect: {
      // a condition, not a bound on the machine's speed
      poll: { timeout: 60_000 },
      // a test without an assertion proves nothing
      requireAssertions: true,
    },
    // What trains a model before its tests may take as long as a test that does.
    hookTimeout: 120_000,
    // A process of its own for each file would load the program anew each time: a third of all processor time. So a test
    // leaves nothing behind in its process; what it changes there it puts back.
    isolate: false,
    // Half of the time of a test is spent waiting for processes, brokers and timers: more workers than cores. As a number,
    // since Vitest takes no share above 100 %.
    maxWorkers: 2 * availableParallelism(),
  },
}));
