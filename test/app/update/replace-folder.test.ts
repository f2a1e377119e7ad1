import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceFolder } from '../../../src/app/update/replace-folder.ts';
import { UpdateError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { folderWith } from '../plugins/plugin-folder.ts';

function release(version: string): string {
  return folderWith({
    'sentigon/package.json': JSON.stringify({ version }),
    'sentigon/dist/main.js': `console.log('${version}');`,
  });
}

it('a folder that cannot be exchanged is where it was', () => {
  const lib = release('1.0.0');
  const archive = join(tempFolder(), 'next.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', release('9.9.9'), 'sentigon']);
  const root = join(lib, 'sentigon');
  const staging = join(lib, 'staging');
  mkdirSync(staging);
  const replacement = replaceFolder(archive, { root, staging }, '9.9.9');
  replacement.prepare();
  rmSync(join(staging, 'unpacked/sentigon'), { recursive: true });
  expect(() => replacement.put()).toThrow(UpdateError);
  expect(() => replacement.put()).toThrow(/^nothing was changed: .*sentigon cannot be moved: /);
  expect(readFileSync(join(root, 'package.json'), 'utf8')).toContain('1.0.0');
  expect(readdirSync(join(staging, 'unpacked'))).toEqual([]);
});
