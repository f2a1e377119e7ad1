import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { errorGroups } from '../../src/core/error-codes/index.ts';
import * as errors from '../../src/core/errors.ts';
import { ROOT } from '../claims.ts';

const REGISTRY = 'src/core/error-codes';
const CLASSES = new Set(Object.keys(errors).filter((name) => name !== 'KnownError'));
/** A class that is chosen while the program runs. */
CLASSES.add('Failure');

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .map((name) => join('src', name))
  .filter((path) => path.endsWith('.ts') && !path.startsWith(REGISTRY));

const sources = files.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
const MAKES_ONE = new RegExp(`\\bnew\\s+(${[...CLASSES].join('|')})\\b`);

/** Where a known error is made without a code. */
function uncoded({ path, text }: (typeof sources)[number]): string[] {
  if (!MAKES_ONE.test(text)) return []; // parsing all files takes seconds
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && CLASSES.has(node.expression.getText())) {
      const [, options] = node.arguments ?? [];
      const hasCode =
        options &&
        ts.isObjectLiteralExpression(options) &&
        options.properties.some((property) => property.name?.getText() === 'code');
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if (!hasCode) found.push(`${source.fileName}:${line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('error codes (#20)', () => {
  const listed = Object.values(errorGroups).flatMap((codes) => Object.keys(codes));

  it('are given to each known error', () => {
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.flatMap(uncoded)).toEqual([]);
  });

  it('are listed, each once, and given by the program', () => {
    const given = new Set(
      sources.flatMap(({ text }) => text.match(/\bSEN_[A-Z]+_[A-Z_]+\b/g) ?? []),
    );
    expect([...listed].sort()).toEqual([...given].sort());
  });
});
