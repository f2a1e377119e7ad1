import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  readSecret,
  readWhole,
  readWholeText,
  whyUnread,
} from '../../../src/io/files/whole-file.ts';
import { tempFolder } from '../temp-folder.ts';

function whyNot(read: () => unknown): string {
  try {
    read();
    return 'it was read';
  } catch (cause) {
    return whyUnread(cause);
  }
}

describe('a file that is read whole', () => {
  it('is read through links, also where its size is said to be nothing', () => {
    const folder = tempFolder();
    const text = 'a'.repeat(200_000);
    writeFileSync(join(folder, 'file'), text);
    symlinkSync(join(folder, 'file'), join(folder, 'link'));
    expect(readWholeText(join(folder, 'link'))).toBe(text);
    expect(readWholeText('/proc/self/status')).toMatch(/^Name:/);
  });

  it.each([
    ['a folder', '.', 'is a folder and no regular file'],
    ['a pipe nobody writes into', 'pipe', 'is a pipe and no regular file'],
    ['a device without an end', '/dev/zero', 'is a device or socket and no regular file'],
    ['what is larger', 'large', 'is larger than 1 MB'],
    ['what is not there', 'none', 'does not exist'],
    ['what is below a file', 'small/file', 'does not exist'],
    ['a link to itself', 'loop', 'cannot be read (ELOOP)'],
  ])('is not %s', (_, name, reason) => {
    const folder = tempFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const file of ['large', 'small']) writeFileSync(join(folder, file), 'x');
    truncateSync(join(folder, 'large'), 2 ** 20 + 1);
    symlinkSync('loop', join(folder, 'loop'));
    const path = name.startsWith('/') ? name : join(folder, name);
    expect(whyNot(() => readWhole(path, 2 ** 20))).toBe(reason);
  });

  it('is not read further than its bound when it holds more than it says', () => {
    expect(whyNot(() => readWhole('/proc/self/maps', 100))).toBe('is larger than 0 kB');
  });
});

describe('a secret', () => {
  it.each(['pw\n', 'pw\r\n', 'pw'])('ends before the line end of its file (%j)', (text) => {
    const file = join(tempFolder(), 'secret');
    writeFileSync(file, text);
    expect(readSecret(file)).toBe('pw');
  });

  it('is not empty, and no megabytes', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'empty'), '\n');
    writeFileSync(join(folder, 'large'), '');
    truncateSync(join(folder, 'large'), 2 ** 30);
    expect(whyNot(() => readSecret(join(folder, 'empty')))).toBe('is empty');
    expect(whyNot(() => readSecret(join(folder, 'large')))).toBe('is larger than 1 MB');
  });
});
