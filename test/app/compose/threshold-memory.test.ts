import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  openUntilMemory,
  thresholdMemory,
  usualMemory,
} from '../../../src/app/compose/threshold-memory.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const key = { modelId: 'abc', choice: { kind: 'pot', risk: 1e-4 } };
const state = { initial: 2, excesses: [0.5, 1.25] };

describe('thresholdMemory', () => {
  it('gives back what it was given, in a folder it makes', () => {
    const folder = join(tempFolder(), 'thresholds');
    const path = join(folder, 's.json');
    thresholdMemory(path, key).remember({ old: true });
    thresholdMemory(path, key).remember(state);
    expect(thresholdMemory(path, key).recall()).toEqual(state);
    expect(readdirSync(folder)).toEqual(['s.json']);
  });

  it('forgets when the model or a setting is another', () => {
    const path = join(tempFolder(), 's.json');
    thresholdMemory(path, key).remember(state);
    expect(thresholdMemory(path, { ...key, modelId: 'def' }).recall()).toBeUndefined();
    const choice = { kind: 'pot', risk: 1e-5 };
    const changed = thresholdMemory(path, { ...key, choice });
    expect(changed.recall()).toBeUndefined();
    expect(changed.hasOther()).toBe(true);
    expect(thresholdMemory(path, key).hasOther()).toBe(false);
    expect(thresholdMemory(`${path}.none`, key).hasOther()).toBe(false);
  });

  it.each([
    ['nothing', undefined],
    ['half a file', '{"modelId":"ab'],
    ['another file', '[1]'],
  ])('knows nothing when it finds %s', (_name, text) => {
    const path = join(tempFolder(), 's.json');
    if (text !== undefined) writeFileSync(path, text);
    expect(thresholdMemory(path, key).recall()).toBeUndefined();
  });
});

describe('usualMemory', () => {
  const usual = [
    { id: 'cpu', unit: '%', least: 0, most: 99, cells: [[1, 90, 500, 4, 20_000] as const, null] },
  ];

  it('gives back what it was given, and keeps it when nothing is known', () => {
    const path = join(tempFolder(), 'thresholds', 'usual.json');
    usualMemory(path).remember(usual);
    usualMemory(path).remember([]);
    expect(usualMemory(path).recall()).toEqual(usual);
    usualMemory(path).remember(usual, new Set(usual.map(({ id }) => id)));
    expect(usualMemory(path).recall()).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['half a file', '[{"id":"cp'],
    ['cells of another kind', '[{"id":"cpu","unit":"%","least":0,"most":1,"cells":[[1,2]]}]'],
  ])('knows nothing when it finds %s', (_name, text) => {
    const path = join(tempFolder(), 'usual.json');
    if (text !== undefined) writeFileSync(path, text);
    expect(usualMemory(path).recall()).toEqual([]);
  });
});

describe('openUntilMemory', () => {
  it('gives back what it was given, and keeps it when nothing is open', () => {
    const path = join(tempFolder(), 'thresholds', 'open-until.json');
    openUntilMemory(path).remember(new Map([['anomaly-s-0', 5000]]));
    openUntilMemory(path).remember(new Map());
    expect(openUntilMemory(path).recall()).toEqual(new Map([['anomaly-s-0', 5000]]));
  });

  it.each([
    ['nothing', undefined],
    ['half a file', '{"anomaly-s'],
    ['a time that is none', '{"anomaly-s-0":"soon"}'],
  ])('knows nothing when it finds %s', (_name, text) => {
    const path = join(tempFolder(), 'open-until.json');
    if (text !== undefined) writeFileSync(path, text);
    expect(openUntilMemory(path).recall()).toEqual(new Map());
  });
});
