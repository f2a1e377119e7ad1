import { describe, expect, it } from 'vitest';
import { sampleCnns } from '../../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../../src/lab/search/cnn-space/space.ts';
import type { CnnPoint } from '../../../src/models/cnn-design.ts';
import { cnnOverlap, transferCnn } from '../../../src/models/transfer/transfer-cnn.ts';
import { randomCnn } from './random-cnn.ts';

const networkOf = (point: CnnPoint, seed: number) => randomCnn(point, { seed });

const far = { operation: { op: 'dilated' }, inputs: [0] } as const;
const near = { operation: { op: 'convolution', kernel: 3 }, inputs: [1] } as const;
const pool = { operation: { op: 'pool', of: 'max' }, inputs: [1] } as const;
const cell = (channels: number, ...vertices: readonly unknown[]) =>
  ({ channels, activation: 'silu', vertices, output: [1, 2] }) as CnnPoint['cells'][number];

describe('a transfer between convolutional networks', () => {
  it('makes an equal network the same, of any design', () => {
    for (const point of sampleCnns(readCnnSpace('full'), 25, 3)) {
      const [parent, child] = [networkOf(point, 1), networkOf(point, 2)];
      const { weights, of } = transferCnn(parent, child);
      expect(weights).toBe(of);
      expect(child.scored()).toEqual(parent.scored());
    }
  });

  it('copies cells as long as their graphs are equal, and of the next one the vertices before the first that differs', () => {
    const parent = networkOf({ cells: [cell(8, far, near), cell(8, far, near)] }, 1);
    const child = networkOf({ cells: [cell(8, far, near), cell(8, far, pool)] }, 2);
    const before = Object.fromEntries(
      child.weights.map(({ name, values }) => [name, Float32Array.from(values)]),
    );
    const counted = transferCnn(parent, child);
    const copied = child.weights.filter(({ name, values }) => {
      const isParents = values.every((value, i) => value === parent.tensors[name]?.data[i]);
      if (!isParents) expect(values).toEqual(before[name]);
      return isParents;
    });
    const names = copied.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('cell1.'))).toEqual(
      child.weights.map(({ name }) => name).filter((name) => name.startsWith('cell1.')),
    );
    expect(names).toContain('cell2.input.weights');
    expect(names).toContain('cell2.vertex1.kernel');
    expect(names.some((name) => /^(cell2\.(vertex2|output)|norm|forecast)/.test(name))).toBe(false);
    expect(counted.weights).toBe(copied.reduce((sum, { values }) => sum + values.length, 0));
  });

  it('copies channels by their index where they differ in number, side by side and over strides', () => {
    const join = 'concatenate' as const;
    const parent = networkOf({ cells: [cell(4, far, near), cell(4, far, near)], join }, 1);
    const child = networkOf({ cells: [cell(8, far, near), cell(8, far, near)], join }, 2);
    const { weights, of } = transferCnn(parent, child);
    expect(weights).toBeLessThan(of / 2);
    const values = child.weights.find(({ name }) => name === 'cell2.input.weights')?.values ?? [];
    const from = parent.tensors['cell2.input.weights']?.data ?? [];
    // Two rows, of each what two vertices made: in the parent 4 channels each, in the child 8.
    for (const [block, channel, to] of [
      [0, 3, 0],
      [1, 0, 3],
      [3, 2, 1],
    ] as const) {
      expect(values[(block * 8 + channel) * 8 + to]).toBe(from[(block * 4 + channel) * 4 + to]);
    }
    const forecast = child.weights.find(({ name }) => name === 'forecast.weights')?.values ?? [];
    const heads = parent.tensors['forecast.weights']?.data ?? [];
    expect(forecast[8 * 3]).toBe(heads[4 * 3]);
    const narrow = networkOf({ cells: [cell(4, far, near), cell(4, far, near)], join }, 3);
    const back = transferCnn({ point: child.point, tensors: child.tensorsNow() }, narrow);
    expect(back.weights).toBe(back.of);
    expect(narrow.scored()).toEqual(parent.scored());
  });

  it('tells the same share without weights', () => {
    const points = sampleCnns(readCnnSpace('full'), 12, 5);
    for (const [i, point] of points.entries()) {
      const other = points[(i + 1) % points.length] as CnnPoint;
      const [parent, child] = [networkOf(point, 1), networkOf(other, 2)];
      expect(cnnOverlap(parent, child)).toEqual(transferCnn(parent, child));
    }
  });
});
