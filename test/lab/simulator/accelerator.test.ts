import { describe, expect, it } from 'vitest';
import { type Accelerator, presets } from '../../../src/lab/simulator/accelerator.ts';
import { areaMm2, partsOf, peakOpsPerS } from '../../../src/lab/simulator/hardware.ts';
import { CLOCK_HZ, LANES } from '../../../src/lab/simulator/modules.ts';
import { parseSpace } from '../../../src/lab/simulator/space.ts';

const edge = presets.get('edge') as Accelerator;
const server = presets.get('server') as Accelerator;

describe('published hardware', () => {
  it('has the published areas, peaks and energy of a multiplication', () => {
    expect(areaMm2(edge, false)).toBeCloseTo(54.064, 3);
    expect(areaMm2(server, false)).toBeCloseTo(1829.696, 3);
    expect(areaMm2(edge, true)).toBeCloseTo(54.145, 2);
    expect(Math.abs(areaMm2(server, true) - 1830.99)).toBeLessThan(0.01);
    expect(peakOpsPerS(edge) / 1e12).toBeCloseTo(22.94, 2);
    expect(peakOpsPerS(server) / 1e12).toBeCloseTo(367, 1);
    expect(((LANES.gelu[16].dynamicMw * 1e-3) / CLOCK_HZ / 16) * 1e12).toBeCloseTo(0.464, 3);
  });

  it('splits the area of Edge as published', () => {
    const parts = partsOf(edge, false);
    const area = (name: keyof typeof parts) =>
      (parts[name].count * parts[name].figures.areaUm2) / 1e6;
    expect(area('softmax')).toBeCloseTo(22.42, 2);
    expect(area('lane')).toBeCloseTo(9.64, 2);
    expect(area('preSparsity') + area('postSparsity')).toBeCloseTo(7.58, 2);
    expect(area('norm')).toBeCloseTo(5.19, 2);
    expect(area('dataflow')).toBeCloseTo(4.86, 2);
    expect(area('fifo')).toBeCloseTo(0.5, 2);
  });
});

describe('a space of a file', () => {
  const lists = {
    ...{ format: 'sentigon-accelerator-space/1', name: 'mine', tile: [8, 32], elements: [1, 2, 4] },
    ...{ lanes: [1, 16], multipliers: [1, 16], softmaxUnits: [1], nonLinearity: ['gelu', 'relu'] },
    ...{ batch: [1, 4], activationMb: [0.125, 0.25, 0.5], weightMb: [0.125] },
    memory: ['rram-32-2-1', 'dram-32-2-1'],
  };
  const read = (of: object) => parseSpace(JSON.stringify(of), 'mine.json');

  it('whose numbers are in no order is the one of the same numbers in order (#24)', () => {
    const other = { elements: [4, 1, 2], multipliers: [16, 1], activationMb: [0.5, 0.125, 0.25] };
    const found = read({ ...lists, ...other, tile: [32, 8], batch: [4, 1] });
    expect(found).toEqual(read(lists));
    // Names have no order.
    expect(found.choices.memory).toEqual(lists.memory);
    expect(found.choices.nonLinearity).toEqual(lists.nonLinearity);
    const { tile: _, elements: __, lanes: ___, softmaxUnits: ____, ...both } = lists;
    const one = { ...both, unrolledWindows: [1], unrolledRows: [1, 2], unrolledColumns: [1] };
    const turned = { ...one, unrolledRows: [2, 1], unrolledTaps: [7, 1, 3] };
    expect(read(turned)).toEqual(read({ ...one, unrolledTaps: [1, 3, 7] }));
  });
});
