// AccelTran's closed form, as the page of accelerators takes it apart.
import { describe, expect, it } from 'vitest';
import { bertTiny } from '../../scripts/accelerator-proof/bert-tiny.ts';
import { closedForm, type Fault, MENDED } from '../../scripts/accelerator-proof/closed-form.ts';
import { mendedInTurn } from '../../scripts/accelerator-proof/closed-form-table.ts';
import { presets, type TiledAccelerator } from '../../src/lab/simulator/accelerator.ts';
import { programOf } from '../../src/lab/simulator/program.ts';
import { USUAL_RULES } from '../../src/lab/simulator/simulate.ts';
import { PUBLISHED_ZEROS, Zeros } from '../../src/lab/simulator/zeros.ts';

const [edge, server] = ['edge', 'server'].map((name) => presets.get(name)) as [
  TiledAccelerator,
  TiledAccelerator,
];
const sumOf = (all: readonly number[]): number => all.reduce((sum, n) => sum + n, 0);
const total = (of: Readonly<Record<string, number>>): number => sumOf(Object.values(of));

describe('the closed form of the published simulator', () => {
  // Figures of simulate_fast of jha-lab/acceltran at ea7ba16.
  it.each([
    [edge, 'inference', 167_596],
    [edge, 'training', 185_388],
    [server, 'inference', 14_368],
  ] as const)('has its cycles exactly', (accelerator, mode, cycles) => {
    expect(total(closedForm(accelerator, mode).cycles)).toBe(cycles);
  });

  it('has its energies to the digits that are published, but for .03 uJ of main memory', () => {
    const published = {
      ...{ lanes: 786.05, memory: 165.12, buffers: 4.87, sparsity: 131.03, others: 171.68 },
      ...{ softmax: 0.81, norms: 1.03 },
    };
    const { joules } = closedForm(edge, 'inference');
    const off = Object.entries(published).map(([part, uJ]) => [
      part,
      (1e6 * joules[part as keyof typeof joules] - uJ).toFixed(2).replace('-0.00', '0.00'),
    ]);
    expect(Object.fromEntries(off)).toEqual({
      ...{ lanes: '0.00', memory: '0.03', buffers: '0.00', sparsity: '0.00', others: '0.00' },
      ...{ softmax: '0.00', norms: '0.00' },
    });
    const withoutOff = (mode: 'inference' | 'training'): string =>
      (1e3 * total(closedForm(edge, mode).joules) - 3e-5).toFixed(4);
    expect([withoutOff('inference'), withoutOff('training')]).toEqual(['1.2606', '2.0623']);
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

  // Cycles and microjoules that remain, ours less the closed form; simulated, so that a change of the rules is seen here.
  it.each([
    [edge, 'inference', 167_596, -2353, 153],
    [server, 'inference', 14_368, 2594, 416.7],
  ] as const)(
    'leaves of its distance from a simulation what the table of its faults says',
    (accelerator, mode, published, cycles, microjoules) => {
      const options = { training: false, zeros: new Zeros(PUBLISHED_ZEROS), ...USUAL_RULES };
      const program = programOf(bertTiny(4, mode), accelerator, options);
      const setup = mendedInTurn(accelerator, mode, program);
      const { steps, ours, energy } = setup;
      expect(steps).toHaveLength(Object.keys(MENDED).length + 1);
      expect(steps[0]?.cycles).toBe(published);
      const last = steps.at(-1) ?? ours;
      expect(ours.cycles - last.cycles).toBe(cycles);
      expect(1e6 * (ours.dynamicJ - last.dynamicJ)).toBeCloseTo(microjoules, 1);
      expect(sumOf(energy.map((one) => one.mended))).toBeCloseTo(last.dynamicJ, 12);
      expect(sumOf(energy.map((one) => one.ours))).toBeCloseTo(ours.dynamicJ, 12);
      expect(sumOf(setup.cycles.map((one) => one.mended))).toBe(last.cycles);
    },
  );
});
