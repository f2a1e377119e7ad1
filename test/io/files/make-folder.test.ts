import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/core/errors.ts';
import { makeFolder } from '../../../src/io/files/written-file.ts';
import { tempFolder } from '../temp-folder.ts';

describe('a folder that is made', () => {
  it('has those above it, and may be there already, also as a link', () => {
    const folder = tempFolder();
    makeFolder(join(folder, 'a', 'b', 'c'));
    makeFolder(join(folder, 'a', 'b', 'c'));
    expect(statSync(join(folder, 'a', 'b', 'c')).isDirectory()).toBe(true);
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    makeFolder(join(folder, 'link'));
    makeFolder(join(folder, 'link', 'd'));
    expect(existsSync(join(folder, 'real', 'd'))).toBe(true);
  });

  it.skipIf(!existsSync('/proc/self'))('is refused in one line where none can be', () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    for (const path of ['/proc/none', '/proc/none/below', file, join(file, 'below')]) {
      expect(() => makeFolder(path), path).toThrow(StoreError);
    }
  });
});
