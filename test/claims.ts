// What tables say of the program, and the tests that they name as proof.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of the repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Tables whose third cell names tests; a file is relative to the repository. */
export const CLAIM_TABLES = [
  { file: 'docs/features.md', heading: '## What it does', least: 60 },
  { file: 'docs/questions.md', heading: '## What others are blamed for', least: 15 },
] as const;

export type ClaimTable = (typeof CLAIM_TABLES)[number];

export interface Proof {
  /** As it stands in the test file, placeholders too. */
  readonly title: string;
  /** Relative to the repository. */
  readonly path: string;
}

export interface Claim {
  readonly claim: string;
  readonly answer: string;
  readonly proofs: readonly Proof[];
}

/** The rows of three cells under the heading, group headings left out. */
export function claimsIn({ file, heading }: ClaimTable): Claim[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new RangeError(`${file} has no heading '${heading}'`);
  const section = text.slice(start).split(/\n## /, 2).join('\n## ');
  const rows = [...section.matchAll(/^\| (?!\*\*)(\S.*?) \| (.+?) \| (.*)\|$/gm)].slice(
    section.includes('| complaint |') ? 1 : 0,
  );
  return rows.map(([, claim = '', answer = '', cell = '']) => ({
    claim,
    answer,
    proofs: [...cell.matchAll(/\[(.+?)\]\(([^)]+)\)/g)].map(([, title = '', link = '']) => ({
      title,
      path: join(dirname(file), link),
    })),
  }));
}
