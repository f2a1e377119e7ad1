import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigon } from './sentigon.ts';

/** In the layout of TSB-AD: a wave with a hole of 20 rows. */
function dataRoot(height: number): string {
  const root = tempFolder();
  const line = (i: number) =>
    i >= 900 && i < 920 ? `${height},0,1` : `${Math.sin(i / 5)},${Math.cos(i / 7)},0`;
  const lines = Array.from({ length: 1200 }, (_, i) => line(i));
  writeFileSync(join(root, '001_X_tr_800_1st_900.csv'), ['a,b,Label', ...lines, ''].join('\n'));
  return root;
}

it('evaluate --resume takes results of the same settings and data only (#18)', async () => {
  const data = dataRoot(1.5);
  const results = join(tempFolder(), 'results');
  const evaluate = async (window: number, ...more: readonly string[]) => {
    const args = ['-d', 'pca', '-s', data, '--results', results, '--window', String(window)];
    const { code, stdout, stderr } = await sentigon(['evaluate', ...args, '--json', ...more]);
    expect([code, stderr.includes('bug')]).toEqual([0, false]);
    return stdout === '' ? undefined : (JSON.parse(stdout) as { vusPr: number }).vusPr;
  };
  const narrow = await evaluate(1);
  const wide = await evaluate(100, '--resume');
  expect(wide).toBeDefined();
  expect(wide).not.toBeCloseTo(narrow ?? 0, 3);
  expect(await evaluate(100, '--resume')).toBeUndefined(); // it is there
  expect(await evaluate(100, '--resume', '--engine', 'plain')).toBeDefined();
  expect(await evaluate(100, '--resume')).toBeDefined(); // the newest took its place
});

it('evaluate refuses a folder that cannot be written before it trains', async () => {
  const file = join(tempFolder(), 'a-file');
  writeFileSync(file, '');
  const args = ['evaluate', '-d', 'pca', '-s', dataRoot(1.5), '--results', tempFolder()];
  const { code, stderr } = await sentigon([...args, '--runs', file]);
  expect(stderr).toBe(
    `sentigon: STORE: ${file} cannot be written: a file stands where a folder is needed: choose another folder [SEN_STO_WRITE]\n`,
  );
  expect(code).toBe(1);
});
