import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  continueLineJournal,
  openLineJournal,
  readLineJournal,
} from '../../../src/io/files/line-journal.ts';
import { tempFolder } from '../temp-folder.ts';

describe('a line journal', () => {
  it('goes on after the last whole line, with what stands before it', () => {
    const path = join(tempFolder(), 'a.jsonl');
    const first = openLineJournal(path);
    first.write({ one: 'ä' }, true);
    first.write({ two: 2 }, false);
    first.close();
    appendFileSync(path, '{"three": "cut sh');
    expect(readLineJournal({ path, what: 'a search' })).toEqual([{ one: 'ä' }, { two: 2 }]);
    const next = continueLineJournal(path);
    next.write({ four: 4 }, true);
    next.close();
    expect(readFileSync(path, 'utf8')).toBe('{"one":"ä"}\n{"two":2}\n{"four":4}\n');
  });

  it('leaves the place of a line that is no JSON empty', () => {
    const path = join(tempFolder(), 'a.jsonl');
    appendFileSync(path, '{"a":1}\nnonsense\n{"b":2}\n');
    expect(readLineJournal({ path, what: 'a search' })).toEqual([{ a: 1 }, undefined, { b: 2 }]);
  });
});
