import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../src/core/errors.ts';
import { createMemory, rememberedWindows } from '../../../src/detectors/gon/memory.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';

// Two remembered windows of 4 rows and one channel.
const tensors = { memory: { shape: [2, 4], data: Float32Array.of(0, 1, 2, 3, 10, 12, 20, 24) } };
const size = { windows: 2, rows: 4, width: 1 };

function nearest(length: number, levelFree: boolean, ...x: number[]): number[] {
  const member = { length, levelFree };
  const memory = createMemory(rememberedWindows(tensors, size, {}), size, [member], plainKernels);
  return [...memory.nearestFor(member)(Float32Array.from(x))];
}

describe('memory of a GON', () => {
  it('gives a long member whole windows', () => {
    expect(nearest(4, false, 9, 12, 21, 24)).toEqual([10, 12, 20, 24]);
  });

  it('gives a short member each part of a window that is as long as it', () => {
    expect(nearest(2, false, 0, 0)).toEqual([0, 1]);
    expect(nearest(2, false, 4, 4)).toEqual([2, 3]);
    expect(nearest(2, false, 11, 11)).toEqual([10, 12]);
    expect(nearest(2, false, 99, 99)).toEqual([20, 24]);
  });

  it('leaves out the oldest rows where a length does not divide the window', () => {
    expect(nearest(3, false, 0, 1, 2)).toEqual([1, 2, 3]);
  });

  it('compares shapes alone where the level is taken off', () => {
    expect(nearest(2, true, -1, 1)).toEqual([-1, 1]);
    expect(nearest(2, true, -2, 2)).toEqual([-2, 2]);
  });

  it('answers each of several members from the same windows', () => {
    const members = [
      { length: 2, levelFree: true },
      { length: 4, levelFree: false },
      { length: 2, levelFree: false },
    ];
    const memory = createMemory(rememberedWindows(tensors, size, {}), size, members, plainKernels);
    const found = members.map((member) => [
      ...memory.nearestFor(member)(new Float32Array(member.length).fill(1)),
    ]);
    expect(found).toEqual([
      [-0.5, 0.5],
      [0, 1, 2, 3],
      [0, 1],
    ]);
  });

  it('refuses a tensor of another size', () => {
    const shape = { windows: 3, rows: 4, width: 1 };
    expect(() => rememberedWindows(tensors, shape, {})).toThrow(WeightsError);
  });
});
