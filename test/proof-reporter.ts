import { relative } from 'node:path';
import type { TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { CLAIM_TABLES, type Claim, claimsIn, ROOT } from './claims.ts';

export interface RunTest {
  /** Relative to the repository. */
  readonly path: string;
  /** Without the names of the groups around it, placeholders filled in. */
  readonly name: string;
  readonly state: string;
}

/**
 * In CI (the variable CI is set) a whole run fails when a test that a table names as proof was skipped or did not run.
 * Elsewhere it lists them: a tool or a right that a test needs may be missing there.
 */
// biome-ignore lint/style/noDefaultExport: vitest loads reporters by their default export
export default class ProofReporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    _errors: readonly unknown[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const all = await this.#vitest?.globTestSpecifications();
    const files = new Set(all?.map(({ moduleId }) => relative(ROOT, moduleId)));
    const filtered =
      this.#vitest?.config.testNamePattern !== undefined || modules.length < files.size;
    if (filtered || reason === 'interrupted') return;
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({
        path: relative(ROOT, module.moduleId),
        name: test.name,
        state: test.result().state,
      })),
    );
    const claims = CLAIM_TABLES.flatMap(claimsIn).map((claim) => ({
      ...claim,
      proofs: claim.proofs.filter(({ path }) => files.has(path)), // others are slow, or proof.test.ts misses them
    }));
    const missing = unproven(claims, tests);
    if (missing.length === 0) return;
    const inCi = Boolean(process.env['CI']);
    if (inCi) process.exitCode = 1;
    process.stdout.write(
      `${missing.length} claims without proof${inCi ? '' : ' (fails in CI)'}:\n  ${missing.join('\n  ')}\n`,
    );
  }
}

/** One line for each proof that did not run; one that failed has failed the run already. */
export function unproven(claims: readonly Claim[], tests: readonly RunTest[]): readonly string[] {
  return claims.flatMap(({ claim, proofs }) =>
    proofs.flatMap(({ title, path }) => {
      const named = pattern(title);
      const runs = tests.filter((test) => test.path === path && named.test(test.name));
      const skipped = runs.some(({ state }) => state === 'skipped' || state === 'pending');
      if (runs.length > 0 && !skipped) return [];
      return [`${claim}: '${title}' in ${path} ${skipped ? 'was skipped' : 'did not run'}`];
    }),
  );
}

/** Of all names that vitest makes of a title with placeholders. */
function pattern(title: string): RegExp {
  const parts = title.split(/%[sdifjoO#$]|\$\{[^}]*\}|\$[\w.]+/);
  return new RegExp(
    `^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`,
  );
}
