import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingPath } from '../../../src/app/cli/data-sets.ts';
import { tempFolder } from '../../io/temp-folder.ts';

function datasetFolder(): string {
  const root = tempFolder();
  mkdirSync(join(root, 'pump'));
  writeFileSync(join(root, 'pump', 'train.csv'), '');
  writeFileSync(join(root, 'pump', 'test.csv.gz'), '');
  return root;
}

describe('recordingPath', () => {
  it('finds the parts of a data set by the path of its folder, or by its name', () => {
    const root = datasetFolder();
    const pump = join(root, 'pump');
    expect(recordingPath(pump, 'test', { datasets: undefined })).toBe(join(pump, 'test.csv.gz'));
    expect(recordingPath('pump', 'train', { datasets: root })).toBe(join(pump, 'train.csv'));
  });

  it('leaves files and unknown names alone', () => {
    const root = datasetFolder();
    const file = join(root, 'pump', 'train.csv');
    expect(recordingPath(file, 'test', { datasets: root })).toBe(file);
    expect(recordingPath('none', 'test', { datasets: root })).toBe('none');
  });
});
