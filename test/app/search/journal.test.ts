// The journal of a search where it was altered, and what a resume goes by.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../../../src/app/search/journal.ts';
import { resumeSearch, startSearch } from '../../../src/app/search/session.ts';
import { SourceError } from '../../../src/core/errors.ts';
import { hasLineJournal } from '../../../src/io/files/line-journal.ts';
import { enumerate } from '../../../src/lab/search/design-space/enumerate.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { context, ENGINE, fresh, prepare, STARTED, settings, space } from './toy-search.ts';

async function searched() {
  const folder = fresh();
  await startSearch(settings({ budget: 2 }), STARTED, context(folder));
  const path = join(folder, 'journal.jsonl');
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const write = (changed: readonly object[]) =>
    writeFileSync(path, changed.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { folder, path, lines, write };
}

describe('the journal of a search', () => {
  it.each([
    ['an accuracy that cannot be', 2, { accuracy: [5] }],
    ['a cost below 0', 2, { costs: { p50S: -1, p95S: 1, memoryBytes: 1 } }],
    ['a result of another network', 2, { candidate: 999 }],
    ['a scale of 0', 0, { scale: { latencyS: 0 } }],
    ['a budget of none', 2, { budget: 0 }],
  ])('is refused in one line where it has %s', async (_, place, change) => {
    const { folder, path, lines, write } = await searched();
    write(lines.map((line, i) => (i === place ? { ...line, ...change } : line)));
    const read = () => readJournal(folder);
    expect(read).toThrow(`${path} line ${place + 1} is no line of a search`);
    expect(read).toThrow(SourceError);
    expect(read).not.toThrow('\n');
  });

  it('keeps the number of evaluations that a resume was given', async () => {
    const { folder } = await searched();
    expect(readJournal(folder).budget).toBe(2);
    await resumeSearch(readJournal(folder), 4, context(folder));
    expect(readJournal(folder).budget).toBe(4);
    const before = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
    await resumeSearch(readJournal(folder), 4, context(folder));
    expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).toBe(before);
  });

  it('does not go on with other profiles, and does with those of a journal that names none', async () => {
    const { folder, lines, write } = await searched();
    const path = prepare(folder, ENGINE, 'x86', enumerate(space));
    await resumeSearch(readJournal(folder), 3, context(folder));
    appendFileSync(path, ' ');
    await expect(resumeSearch(readJournal(folder), 4, context(folder))).rejects.toThrow(
      `the profiles in ${folder} are not those that the search began with: bring them back, or`,
    );
    const [{ profiles, ...head }, ...rest] = lines;
    write([head, ...rest]);
    expect(profiles).toMatch(/^[\da-f]{12}$/);
    const { history } = await resumeSearch(readJournal(folder), 3, context(folder));
    expect(history).toHaveLength(3);
  });

  it('is not there where its path cannot be', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(hasLineJournal(join(folder, 'file', 'journal.jsonl'))).toBe(false);
    expect(hasLineJournal(join(folder, 'a'.repeat(300)))).toBe(false);
  });
});
