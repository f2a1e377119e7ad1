// Paths with wildcards, and what the wildcards stood for, which is what tells sensors apart.
import { existsSync } from 'node:fs';
import { namesIn } from '../sys-folders.ts';
import { wildcardSource } from '../wildcard-pattern.ts';

export interface PathMatch {
  readonly path: string;
  /** What each * stood for, in order. */
  readonly captured: readonly string[];
}

export function hasWildcard(path: string): boolean {
  return path.includes('*');
}

/** Existing paths of that form, in the order of their names; a * stands for any part of one name, but no leading dot. */
export function matchPaths(pattern: string): PathMatch[] {
  const [first = '', ...names] = pattern.split('/');
  const start: PathMatch = { path: first, captured: [] };
  const found = names.reduce<PathMatch[]>(
    (matches, name) => matches.flatMap((match) => below(match, name)),
    hasWildcard(first) ? below({ path: '.', captured: [] }, first) : [start],
  );
  return found.filter(({ path }) => existsSync(path));
}

function below({ path, captured }: PathMatch, name: string): PathMatch[] {
  if (!hasWildcard(name)) return [{ path: `${path}/${name}`, captured }];
  const form = new RegExp(`^${wildcardSource(name, '(.*?)')}$`);
  return namesIn(`${path}/`)
    .filter((found) => !found.startsWith('.') || name.startsWith('.'))
    .flatMap((found) => {
      const match = form.exec(found);
      return match
        ? [{ path: `${path}/${found}`, captured: [...captured, ...match.slice(1)] }]
        : [];
    });
}
