import type { TestModule } from 'vitest/node';

/** Closes a run with one plain line that any CI can read: `N passed, N failed, N skipped`. */
// biome-ignore lint/style/noDefaultExport: vitest loads reporters by their default export
export default class SummaryReporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number =>
      tests.filter((test) => test.result().state === state).length;
    process.stdout.write(
      `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`,
    );
  }
}
