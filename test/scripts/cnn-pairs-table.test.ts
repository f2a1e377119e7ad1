// The table of convolutional networks and accelerators, with made-up trainings and costs.
import { describe, expect, it } from 'vitest';
import {
  acceleratorPairsTable,
  type PairPrices,
  PROOF_ACCELERATORS,
} from '../../scripts/search-proof/accelerator-pairs-table.ts';
import { SourceError } from '../../src/core/errors.ts';
import { cnnKey } from '../../src/lab/search/cnn-space/cell-form.ts';
import { enumerateCnns } from '../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../src/lab/search/cnn-space/space.ts';
import {
  type CnnProofSpace,
  cnnTable,
  readCnnProofSpace,
} from '../../src/lab/search/proof/proof-space.ts';
import { areaMm2 } from '../../src/lab/simulator/hardware.ts';
import { acceleratorAt, spaceSize } from '../../src/lab/simulator/space.ts';

const keys = enumerateCnns(readCnnSpace('proof')).map(cnnKey);

const space: CnnProofSpace = {
  ...{ command: '', data: '', settings: {}, seeds: [1] },
  engine: { version: '', kernels: '', build: '' },
  designs: keys.map((key, i) => ({
    ...{ key, vusPr: [i / 1200], loss: [1 - i / 1199], trainS: [1], usPerRow: [1] },
  })),
};

const { cnn: unrolled } = PROOF_ACCELERATORS;
const all = Array.from({ length: spaceSize(unrolled) }, (_, i) => acceleratorAt(unrolled, i));
const areas = all.map((accelerator) => areaMm2(accelerator, false));

/** All equal but for the area, and for the first accelerator, which takes half. */
const prices = keys.map(() =>
  areas.map((area, i) => {
    const half = i === 0 ? 0.5 : 1;
    const [latencyS, dynamicJ, leakageJ] = [2e-6 * half, 2e-7 * half, 2e-8 * half];
    return { latencyS, dynamicJ, leakageJ, areaMm2: area, powerW: 1 };
  }),
);

function tableOf(all: PairPrices) {
  return acceleratorPairsTable(cnnTable(space, 'loss'), unrolled, all, all.flat());
}

describe('the table of networks and accelerators', () => {
  it('has 76,800 pairs, weighed as CODEBench does, the accelerator running fastest', () => {
    const { outcomes } = tableOf(prices);
    expect(outcomes).toHaveLength(76_800);
    // The 95th percentile of 64 areas, each of which stands 1,200 times.
    const scale = areas.toSorted((a, b) => a - b)[Math.floor(0.95 * 64)] as number;
    const [first, last] = [outcomes[0]?.values[0] ?? 0, outcomes.at(-1)?.values[0] ?? 0];
    expect(first).toBeCloseTo(0.7 * 0.5 + 0.1 * (1 - (areas[0] as number) / scale), 9);
    expect(last).toBeCloseTo(0.2 + 0.1 * (1 - (areas.at(-1) as number) / scale), 9);
    expect(outcomes[65]?.candidate).toBe(65);
  });

  it('refuses costs of other networks', () => {
    expect(() => tableOf(prices.slice(1))).toThrow(
      /^there are costs of 1199 networks, but 1200 were trained/,
    );
  });

  it('has accelerators that all differ', () => {
    expect(new Set(all.map((one) => JSON.stringify({ ...one, name: '' }))).size).toBe(64);
  });
});

describe('the proof space of convolutional networks', () => {
  it('is read in the order of its space alone', () => {
    expect(readCnnProofSpace(JSON.stringify(space), 'x.json')).toEqual(space);
    const { outcomes } = cnnTable(space, 'vus-pr');
    expect(outcomes[600]).toEqual({ candidate: 600, values: [0.5] });
    const turned = { ...space, designs: space.designs.toReversed() };
    expect(() => readCnnProofSpace(JSON.stringify(turned), 'x.json')).toThrow(SourceError);
    expect(() => readCnnProofSpace(JSON.stringify(turned), 'x.json')).toThrow(
      /^x\.json has other networks than the proof space of cnns, or another order/,
    );
  });
});
