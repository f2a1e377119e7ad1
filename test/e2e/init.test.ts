import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigonHere } from './in-process.ts';
import { sentigon } from './sentigon.ts';

it('sentigon init writes a configuration that passes the check, and no second time', async () => {
  const cwd = tempFolder();
  const init = ['init', '--yes', '--broker', 'mqtt://broker.local', '--topics', 'power[W]=meter/1'];
  expect(await sentigon(init, { cwd })).toMatchObject({ code: 0, stderr: '' });
  const checked = await sentigonHere(['config', 'check'], { cwd });
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('fine') });
  const written = readFileSync(join(cwd, 'sentigon.yaml'), 'utf8');

  const again = await sentigonHere(['init', '--yes'], { cwd });
  expect(again).toMatchObject({ code: 78, stderr: expect.stringContaining('already exists') });
  expect(readFileSync(join(cwd, 'sentigon.yaml'), 'utf8')).toBe(written);
  const forced = await sentigonHere(['init', '--yes', '--force'], { cwd });
  expect(forced.code).toBe(0);
  expect(readFileSync(join(cwd, 'sentigon.yaml'), 'utf8')).not.toBe(written);

  const asked = await sentigon(['init', '--out', 'other.yaml'], { cwd });
  expect(asked).toMatchObject({ code: 78, stderr: expect.stringContaining('not a terminal') });
});

it('sentigon init refuses readings of which one has no topic', async () => {
  const cwd = tempFolder();
  const half = ['init', '--yes', '--out', 'half.yaml', '--topics', 'power[W]=meter/1,flow'];
  expect(await sentigonHere(half, { cwd })).toMatchObject({
    code: 78,
    stderr: expect.stringContaining("--topics: found 'flow', expected name[unit]=topic"),
  });
});
