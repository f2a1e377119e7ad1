import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { codesOf } from '../../scripts/documents/blocks.ts';
import {
  developerPages,
  documents,
  REPOSITORY,
  readDocument,
} from '../../scripts/documents/files.ts';

interface Link {
  readonly target: string;
  /** Without it the head of the file. */
  readonly anchor?: string;
}

/** Those that lead to files of the repository. */
function localLinks(document: string): readonly Link[] {
  const prose = document.replaceAll(/`[^`\n]+`/g, '');
  const inline = [...prose.matchAll(/\]\(([^)\s]+)\)/g)];
  const named = [...document.matchAll(/^\[\w+\]: (\S+)$/gm)];
  return [...inline, ...named]
    .map(([, link = '']) => link)
    .filter((link) => !link.startsWith('https://'))
    .map((link) => {
      const [target = '', anchor] = link.split('#');
      return { target, ...(anchor !== undefined && { anchor }) };
    });
}

/** Headings as GitHub names their places. */
function anchorsIn(document: string): readonly string[] {
  return [...document.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it.each([...documents(), ...developerPages()])(
  '%s links to files and headings that exist',
  (path) => {
    const broken = localLinks(readDocument(path)).filter(({ target, anchor }) => {
      const file = target === '' ? path : normalize(join(dirname(path), target));
      if (!existsSync(join(REPOSITORY, file))) return true;
      return anchor !== undefined && !anchorsIn(readDocument(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  },
);

it.each(documents())('%s names only links that it defines', (path) => {
  const text = readDocument(path);
  const defined = [...text.matchAll(/^\[(\w+)\]: https:/gm)].map(([, name]) => name);
  const used = [...text.matchAll(/\[([A-Z]\d)\](?![:(])/g)].map(([, name]) => name);
  expect([...new Set(used)].sort()).toEqual([...defined].sort());
});

it.each(documents())('%s names files of the repository that exist', (path) => {
  const text = readDocument(path).replaceAll(/https:\S+/g, '');
  const named = [...text.matchAll(/\b(?:src|scripts|test|results|datasets)\/[\w/.-]+\w/g)];
  expect(named.filter(([file]) => !existsSync(join(REPOSITORY, file)))).toEqual([]);
});

it.each(developerPages())('%s names files and folders of the code that exist', (path) => {
  const places = [dirname(path), 'src', '.'];
  const named = codesOf(readDocument(path)).filter((code) => /^[\w.-]+\/[\w./-]*$/.test(code));
  const isThere = (name: string): boolean =>
    places.some((place) => existsSync(join(REPOSITORY, place, name)));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});
