import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.slow.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    reporters: ['default', './test/proof-reporter.ts', './test/summary-reporter.ts'],
    testTimeout: 1_200_000,
    // a condition, not a bound on the machine's speed
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
  },
});
