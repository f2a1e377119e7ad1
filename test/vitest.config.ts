import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts', 'node_modules/**'],
    globalSetup: ['test/global-setup.ts'],
    reporters: ['default', './test/proof-reporter.ts', './test/summary-reporter.ts'],
    testTimeout: 20_000,
    expect: {
      // a condition, not a bound on the machine's speed
      poll: { timeout: 10_000 },
      // a test without an assertion proves nothing
      requireAssertions: true,
    },
    // What trains a model before its tests may take as long as a test that does.
    hookTimeout: 20_000,
    // A process of its own for each file would load the program anew each time: a third of all processor time. So a test
    // leaves nothing behind in its process; what it changes there it puts back.
    isolate: false,
    // Half of the time of a test is spent waiting for processes, brokers and timers: more workers than cores, where
    // Vitest would leave one core free.
    maxWorkers: '150%',
  },
});
