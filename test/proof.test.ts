// What is said of the program in tables is proven by the tests that these name.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Claim {
  readonly answer: string;
  readonly proofs: readonly { readonly title: string; readonly path: string }[];
}

/** The rows of three cells under `heading`, group headings left out. */
function claimsIn(file: string, heading: string): Claim[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const start = text.indexOf(`\n${heading}\n`);
  const section = text.slice(start, text.indexOf('\n## ', start + 4));
  const rows = [...section.matchAll(/^\| (?!\*\*)(\S.*?) \| (.+?) \| (.*)\|$/gm)].slice(
    section.includes('| complaint |') ? 1 : 0,
  );
  return rows.map(([, , answer = '', cell = '']) => ({
    answer,
    proofs: [...cell.matchAll(/\[(.+?)\]\(([^)]+)\)/g)].map(([, title = '', link = '']) => ({
      title,
      path: join(dirname(file), link),
    })),
  }));
}

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

describe.each([
  ['docs/features.md', '## What it does', 60],
  ['docs/questions.md', '## What others are blamed for', 15],
])('%s: %s', (file, heading, least) => {
  const claims = claimsIn(file, heading);

  it('has a proof for each claim, and none for what is not there', () => {
    expect(claims.length).toBeGreaterThanOrEqual(least);
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
