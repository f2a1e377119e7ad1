import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkHouse } from '../../scripts/house.mjs';

const src = mkdtempSync(join(tmpdir(), 'house-'));
afterEach(() => rmSync(src, { recursive: true, force: true }));

function write(path: string, lines: number): void {
  mkdirSync(dirname(join(src, path)), { recursive: true });
  writeFileSync(join(src, path), 'const line = 1;\n'.repeat(lines));
}

describe('limits of the sources', () => {
  it('name what is too short, too long and loose', () => {
    write('main.ts', 31);
    write('io/a.ts', 30);
    write('io/b.ts', 40);
    write('io/mqtt/options.ts', 301);
    const { figures, faults } = checkHouse(src, {
      shortFilesPercent: 20,
      longestLines: 300,
      looseFiles: { io: 1, lab: 5, app: 5 },
    });
    expect(figures).toMatchObject({
      ...{ files: 4, lines: 402, short: 1, shortPercent: 25 },
      longest: { path: 'io/mqtt/options.ts', lines: 301 },
      loose: { io: 2 },
    });
    expect(faults).toEqual([
      '1 of 4 files have 30 lines or fewer, 25.0 %: at most 20 % may; put together what is read together',
      'io/mqtt/options.ts has 301 lines: at most 300 may be; divide it',
      '2 files lie loose in io: at most 1 may; give them a folder (a.ts, b.ts)',
    ]);
  });
});
