import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigonHere } from './in-process.ts';
import { sentigon } from './sentigon.ts';

describe('sentigon export', () => {
  it('writes a file for each network of a model, and tells what goes in and comes out', async () => {
    const cwd = tempFolder();
    writeRecording(cwd, 'normal.csv', { rows: 400, seed: 1 });
    const few = [
      'steps=5',
      'lengths=[1,5]',
      'shapeLengths=[]',
      'linearLength=0',
      'magnitudeWeight=0',
    ];
    const settings = few.flatMap((setting) => ['--set', setting]);
    await sentigonHere(['train', 'normal.csv', '--out', 'm.safetensors', ...settings], { cwd });
    const { code, stdout, stderr } = await sentigon(
      ['export', 'm.safetensors', '--onnx', 'm.onnx'],
      { cwd },
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toBe(
      'm.m1.onnx: window (batch, 2) -> logit (batch, 1)\nm.m5.onnx: window (batch, 10) -> logit (batch, 1)\n',
    );
    expect(readdirSync(cwd).sort()).toEqual([
      'm.m1.onnx',
      'm.m5.onnx',
      'm.safetensors',
      'normal.csv',
    ]);
  });

  it('refuses a model that has no network, and writes nothing', async () => {
    const cwd = tempFolder();
    const model = await writeMachineModel(cwd);
    const { code, stderr } = await sentigonHere(['export', model, '--onnx', 'm.onnx'], { cwd });
    expect(stderr).toMatch(
      /^sentigon: CONFIG: model \w+ is a pca, which has no network: export one of gon, encoder/,
    );
    expect(code).toBe(78);
    expect(existsSync(join(cwd, 'm.onnx'))).toBe(false);
  });

  it('does not write over the model', async () => {
    const cwd = tempFolder();
    const model = await writeMachineModel(cwd);
    const before = readFileSync(model);
    const { code, stderr } = await sentigonHere(['export', model, '--onnx', model], { cwd });
    expect(stderr).toBe(
      `sentigon: CONFIG: --onnx ${model} is the model itself: name another file [SEN_CFG_OUTPUT_EXISTS]\n`,
    );
    expect(code).toBe(78);
    expect(readFileSync(model).equals(before)).toBe(true);
  });
});
