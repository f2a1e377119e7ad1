// The documents that people read: README.md and docs/*.md; and those about the code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Their paths below `root`, the README first. */
export function documents(root = REPOSITORY): readonly string[] {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.map((name) => `docs/${name}`).sort()];
}

/** Paths of the pages about the code: src/README.md and the decisions of each layer. */
export function developerPages(): readonly string[] {
  const layers = readdirSync(join(REPOSITORY, 'src')).map((name) => `src/${name}/DECISIONS.md`);
  return ['src/README.md', ...layers.filter((path) => existsSync(join(REPOSITORY, path))).sort()];
}

export function readDocument(path: string, root = REPOSITORY): string {
  return readFileSync(join(root, path), 'utf8');
}
