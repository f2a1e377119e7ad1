// AccelTran's closed form, as the page of accelerators takes it apart.
import { describe, expect, it } from 'vitest';
import { closedForm, type Fault, MENDED } from '../../scripts/accelerator-proof/closed-form.ts';
import { mendedInTurn } from '../../scripts/accelerator-proof/closed-form-table.ts';
import { presets, type TiledAccelerator } from '../../src/lab/simulator/accelerator.ts';

const [edge, server] = ['edge', 'server'].map((name) => presets.get(name)) as [
  TiledAccelerator,
  TiledAccelerator,
];
const total = (of: Readonly<Record<string, number>>): number =>
  Object.values(of).reduce((sum, n) => sum + n, 0);

describe('the closed form of the published simulator', () => {
  // Figures of simulate_fast of jha-lab/acceltran at ea7ba16.
  it.each([
    [edge, 'inference', 167_596],
    [edge, 'training', 185_388],
    [server, 'inference', 14_368],
  ] as const)('has its cycles exactly', (accelerator, mode, cycles) => {
    expect(total(closedForm(accelerator, mode).cycles)).toBe(cycles);
  });

  it('has its energies, to the digits that are published', () => {
    const { joules } = closedForm(edge, 'inference');
    const uJ = Object.fromEntries(
      Object.entries(joules).map(([part, joule]) => [part, Math.round(1e8 * joule) / 100]),
    );
    expect(uJ).toEqual({
      ...{ lanes: 786.05, memory: 165.15, buffers: 4.87, sparsity: 131.03, others: 171.68 },
      ...{ softmax: 0.81, norms: 1.03 },
    });
    expect(1e3 * total(joules)).toBeCloseTo(1.2606, 4);
    expect(1e3 * total(closedForm(edge, 'training').joules)).toBeCloseTo(2.0623, 3);
  });

  it('has the multiplications of BERT-Tiny once the inner loop is counted once', () => {
    const { products } = closedForm(edge, 'inference', new Set<Fault>(['innerTwice'])).cycles;
    // 57,344 tiles of 4,096 multiplications, of which half are made, on 16,384 multipliers.
    expect(products).toBe((57_344 * 4096) / 2 / 16_384);
  });

  it('has in training twice the multiplications back, once its ways back are right', () => {
    const mended = new Set<Fault>(['innerTwice', 'zeros', 'back']);
    const { products: forward } = closedForm(edge, 'inference', mended).cycles;
    const { products } = closedForm(edge, 'training', mended).cycles;
    // A tenth of gradients is not 0 and half of what they are multiplied with, forward half of each.
    expect(products / forward - 1).toBeCloseTo((2 * 0.1 * 0.5) / 0.25, 1);
  });

  it('begins a table of faults mended in turn as published and leaves little to its end', () => {
    const ours = { cycles: 19_619, dynamicJ: 0.0002924 };
    const { steps } = mendedInTurn(edge, 'inference', ours);
    expect(steps).toHaveLength(Object.keys(MENDED).length + 1);
    expect(steps[0]?.cycles).toBe(167_596);
    const last = steps.at(-1)?.cycles ?? 0;
    expect(Math.abs(last - ours.cycles)).toBeLessThan(0.02 * (167_596 - ours.cycles));
  });
});
