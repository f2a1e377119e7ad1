// What `sentigon compress` refuses before it begins. test/e2e/compress.test.ts has what it does.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/app/cli/program.ts';
import { ConfigError, KnownError } from '../../../src/core/errors.ts';
import { writeForecaster } from '../forecaster-model.ts';
import { writeMachineModel, writeRecording } from '../recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentigon-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  await writeForecaster(at('m.safetensors'), { rows: 400, steps: 5 });
  writeRecording(folder, 'normal.csv', { rows: 400, seed: 1 });
});

function compress(...args: readonly string[]): Promise<number> {
  return runCommand(['node', 'sentigon', 'compress', ...args, '--out', at('lean.safetensors')]);
}

describe('sentigon compress refuses in one line, and writes nothing', () => {
  it.each([
    [['--ratio', '.9'], 'compression modegpt: ratio: found a number, expected at most 0.8'],
    [['--ratio', '-1'], 'compression modegpt: ratio: found a number, expected at least'],
    [[], 'compression modegpt: ratio: is missing, expected a number'],
    [['--ratio', '.3', '--method', 'zip'], "compression 'zip'"],
    [['--ratio', '.3', '--set', 'speed=2'], 'speed'],
  ])('the options %j', async (options, told) => {
    const asked = compress(at('m.safetensors'), '--data', at('normal.csv'), ...options);
    await expect(asked).rejects.toThrow(ConfigError);
    await expect(asked).rejects.toThrow(told);
    expect(existsSync(at('lean.safetensors'))).toBe(false);
  });

  it('a model without a network', async () => {
    const model = await writeMachineModel(folder);
    const asked = compress(model, '--data', at('normal.csv'), '--ratio', '.3');
    await expect(asked).rejects.toThrow(
      "a model of 'pca' cannot be compressed by modegpt, which knows forecaster, encoder, ensemble",
    );
  });

  it('a recording that it would overwrite, or a folder that is not there', async () => {
    const before = readFileSync(at('normal.csv'));
    const into = (out: string) =>
      runCommand(
        ['node', 'sentigon', 'compress', at('m.safetensors'), '--data', at('normal.csv')].concat([
          '--ratio',
          '.3',
          '--force',
          '--out',
          out,
        ]),
      );
    await expect(into(at('normal.csv'))).rejects.toThrow('is the recording: name another file');
    await expect(into(at('m.safetensors'))).rejects.toThrow(
      'is the model that is read: name another file',
    );
    await expect(into(at('none/lean.safetensors'))).rejects.toThrow('does not exist');
    expect(readFileSync(at('normal.csv')).equals(before)).toBe(true);
  });

  it.each([
    ['at a longer interval', (text: string) => everyThird(text), 'has a row every 3000 ms'],
    ['with one row', (text: string) => text.split('\n').slice(0, 2).join('\n'), 'has 1 rows'],
  ])('a recording %s', async (_, change, told) => {
    writeFileSync(at('other.csv'), change(readFileSync(at('normal.csv'), 'utf8')));
    const asked = compress(at('m.safetensors'), '--data', at('other.csv'), '--ratio', '.3');
    await expect(asked).rejects.toThrow(KnownError);
    await expect(asked).rejects.toThrow(told);
  });

  it('the test part of a data set, which has anomalies', async () => {
    mkdirSync(at('set'));
    for (const part of ['train', 'test']) copyFileSync(at('normal.csv'), at(`set/${part}.csv`));
    const rows = readFileSync(at('normal.csv'), 'utf8').trim().split('\n').slice(1);
    const [from, to] = [rows[100], rows[120]].map((row) => row?.split(',')[0]);
    writeFileSync(at('set/labels.csv'), `start,end,kind,channels\n${from},${to},stuck,power\n`);
    const asked = compress(at('m.safetensors'), '--data', at('set/test.csv'), '--ratio', '.3');
    await expect(asked).rejects.toThrow('has 1 labelled anomalies');
  });
});

function everyThird(text: string): string {
  const [header, ...rows] = text.trim().split('\n');
  return [header, ...rows.filter((_, i) => i % 3 === 0)].join('\n');
}
