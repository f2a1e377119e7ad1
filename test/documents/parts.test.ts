import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  developerPages,
  documents,
  REPOSITORY,
  readDocument,
} from '../../scripts/documents/files.ts';
import { pictures, withParts } from '../../scripts/documents.ts';
import { errorCodes, exitCodes } from '../../src/app/process/exit-codes.ts';
import * as errors from '../../src/core/errors.ts';

/** Bytes: the README is what somebody reads before anything else. */
const LONGEST_README = 14_000;
const LARGEST_PICTURE = 150_000;

describe.each([...documents(), ...developerPages()])('%s', (path) => {
  it('has the parts that npm run readme writes', () => {
    expect(readDocument(path)).toBe(withParts(readDocument(path)));
  });
});

it.each([...documents(), ...developerPages()])(
  '%s is free of words that hide who reports what (#20)',
  (path) => {
    expect(readDocument(path)).not.toMatch(/\b(told|tells?) of\b/i);
  },
);

describe('the README', () => {
  it('is short (#20)', () => {
    expect(Buffer.byteLength(readDocument('README.md'))).toBeLessThanOrEqual(LONGEST_README);
  });

  it('leads to every page', () => {
    const [, ...pages] = documents();
    for (const page of pages) expect(readDocument('README.md')).toContain(`(${page})`);
  });
});

describe('the pictures', () => {
  it.each(Object.entries(pictures))('%s is what npm run readme draws', (path, draw) => {
    expect(readFileSync(join(REPOSITORY, path), 'utf8')).toBe(draw());
  });

  it.each([...Object.keys(pictures), 'docs/page.webp'])('%s is small', (path) => {
    expect(statSync(join(REPOSITORY, path)).size).toBeLessThanOrEqual(LARGEST_PICTURE);
  });
});

describe('docs/errors.md', () => {
  const page = readDocument('docs/errors.md');

  it('names every error code, and no other', () => {
    const known = Object.values(errors)
      .filter((Class) => Class !== errors.KnownError)
      .map((Class) => new (Class as new (message: string) => errors.KnownError)('').code);
    expect(Object.keys(errorCodes).sort()).toEqual(known.sort());
    const named = [...page.matchAll(/^\| ([A-Z]{4,}) \|/gm)].map((match) => match[1]);
    expect(named.sort()).toEqual(known);
  });

  it('names every exit code, and no other', () => {
    const section = page.slice(page.indexOf('| exit code |'));
    const named = [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap((match) =>
      (match[1] ?? '').split(', ').map(Number),
    );
    expect(named.sort()).toEqual(Object.values(exitCodes).slice().sort());
  });
});
