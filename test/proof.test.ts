// What is said of the program in tables is proven by the tests that these name.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLAIM_TABLES, claimsIn, ROOT } from './claims.ts';
import { type RunTest, unproven } from './proof-reporter.ts';

const titlesOf = new Map<string, ReadonlySet<string>>();

/** Titles as they stand in the source, placeholders too. */
function titlesIn(path: string): ReadonlySet<string> {
  const known = titlesOf.get(path);
  if (known) return known;
  const text = readFileSync(join(ROOT, path), 'utf8');
  const calls = text.matchAll(/\bit(?:\.\w+\([^()]*\))?\(\s*(['"`])(.+?)\1,/g);
  const titles = new Set([...calls].map(([, , title = '']) => title));
  titlesOf.set(path, titles);
  return titles;
}

describe.each(CLAIM_TABLES)('$file: $heading', (table) => {
  const claims = claimsIn(table);

  it('has a proof for each claim, and none for what is not there', () => {
    expect(claims.length).toBeGreaterThanOrEqual(table.least);
    for (const { answer, proofs } of claims) {
      if (answer === 'no') expect(proofs).toEqual([]);
      else expect(proofs.length, answer).toBeGreaterThan(0);
    }
  });

  it('names tests that exist', () => {
    for (const { title, path } of claims.flatMap(({ proofs }) => proofs)) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
      expect([...titlesIn(path)], path).toContain(title);
    }
  });
});

describe('a proof (#20)', () => {
  const path = 'test/io/sinks/mqtt.test.ts';
  const claims = [{ claim: 'It is told', answer: 'yes', proofs: [{ title: 'tells %s', path }] }];
  const unprovenBy = (...tests: RunTest[]): readonly string[] => unproven(claims, tests);

  it('is a test that ran and passed, in each of its variants', () => {
    const passed = { path, name: 'tells all', state: 'passed' };
    expect(unprovenBy(passed)).toEqual([]);
    expect(unprovenBy(passed, { path, name: 'says none', state: 'skipped' })).toEqual([]);
    expect(unprovenBy(passed, { path, name: 'tells none', state: 'skipped' })).toEqual([
      `It is told: 'tells %s' in ${path} was skipped`,
    ]);
    expect(unprovenBy({ path: 'test/other.test.ts', name: 'tells all', state: 'passed' })).toEqual([
      `It is told: 'tells %s' in ${path} did not run`,
    ]);
  });
});
