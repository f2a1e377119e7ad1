import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel, writeModel } from '../../../src/app/models/model-folder.ts';
import { StoreError, WeightsError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { machineModel } from '../recording.ts';

describe('the model folder', () => {
  it('gives back what it was given, and leaves no other file', async () => {
    const folder = tempFolder();
    const path = join(folder, 'm.safetensors');
    const model = await machineModel();
    writeFileSync(path, 'an older model');
    await writeModel(path, model);
    expect(await readModel(path)).toEqual(model);
    expect(readdirSync(folder)).toEqual(['m.safetensors']);
  });

  it('names a model that is not there and the command that makes one', async () => {
    const path = join(tempFolder(), 'none.safetensors');
    await expect(readModel(path)).rejects.toThrow(WeightsError);
    await expect(readModel(path)).rejects.toThrow(
      `model ${path} does not exist: train one with 'sentigon train data.csv --out ${path}'`,
    );
  });

  it('leaves the old file and no half of a new one when it cannot write', async () => {
    const folder = tempFolder();
    const path = join(folder, 'm.safetensors');
    mkdirSync(path); // nothing can be renamed over a folder
    await expect(writeModel(path, await machineModel())).rejects.toThrow(StoreError);
    expect(readdirSync(folder)).toEqual(['m.safetensors']);
  });
});
