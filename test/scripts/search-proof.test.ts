import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withRun } from '../../scripts/result-lines.ts';
import {
  type AcceleratorCosts,
  acceleratorPairsTable,
  drawnPrices,
  PROOF_ACCELERATORS,
  readPrices,
} from '../../scripts/search-proof/accelerator-pairs-table.ts';
import { compareRuns, comparisonTable } from '../../scripts/search-proof/comparison-table.ts';
import {
  type DeviceCosts,
  devicePairsTable,
  readDeviceCosts,
} from '../../scripts/search-proof/device-pairs-table.ts';
import {
  readSearchResults,
  runsOf,
  type SearchResults,
  type StoredRun,
  writeSearchResults,
} from '../../scripts/search-proof/result-file.ts';
import { SourceError } from '../../src/core/errors.ts';
import { marksOf } from '../../src/lab/search/proof/comparison.ts';
import { designTable, type ProofSpace } from '../../src/lab/search/proof/proof-space.ts';

const folder = mkdtempSync(join(tmpdir(), 'search-proof-'));
afterAll(() => rmSync(folder, { recursive: true }));

function runOf(method: string, seed: number, evaluation: number): StoredRun {
  const improvements: StoredRun['improvements'] = [
    [1, 3, 0.5, 40],
    [evaluation, 7, 0, 0],
  ];
  return { method, seed, batch: 1, reasons: { random: 20 }, searchS: 0.1, improvements };
}

const results: SearchResults = {
  table: 'toy',
  unit: 'loss',
  candidates: 100,
  budget: 20,
  reliability: 0.5,
  nearestFit: 0.4,
  published: [{ name: 'GP', improvements: [[2, 0.1]], evaluations: 5 }],
  runs: [1, 2, 3, 4, 5, 6].flatMap((seed) => [
    runOf('slow', seed, 19),
    runOf('ours', seed, 2),
    runOf('ours-halved', seed, 3),
  ]),
};

describe('results of searches', () => {
  it('come back as they were written, and a run takes the place of the one it repeats', () => {
    writeSearchResults(folder, results);
    expect(readSearchResults(folder, 'toy')).toEqual(results);
    const repeated = withRun(results, runOf('ours', 3, 9));
    expect(repeated.runs).toHaveLength(results.runs.length);
    expect(repeated.runs.at(-1)).toEqual(runOf('ours', 3, 9));
  });

  it('are none where there is no file, and refused where it holds something else', () => {
    expect(readSearchResults(folder, 'other')).toBeUndefined();
    writeFileSync(join(folder, 'broken.json'), '[');
    expect(() => readSearchResults(folder, 'broken')).toThrow(SourceError);
  });
});

describe('table of methods', () => {
  const marks = marksOf(results.candidates, results.budget);
  const comparison = compareRuns(runsOf(results), marks, 'ours');

  it('has ours first, and corrects rivals and ours without a part apart from each other', () => {
    expect(comparison.summaries.map(({ method }) => method)).toEqual([
      'ours',
      'slow',
      'ours-halved',
    ]);
    expect(comparison.versus).toEqual([
      { rival: 'slow', ahead: 6, behind: 0, p: 2 / 64, adjusted: 2 / 64 },
      { rival: 'ours-halved', ahead: 6, behind: 0, p: 2 / 64, adjusted: 2 / 64 },
    ]);
  });

  it('tells where we stand, in as many cells a row', () => {
    const rows = comparisonTable(comparison, marks, 'markdown').split('\n');
    expect(new Set(rows.map((row) => row.split('|').length)).size).toBe(1);
    expect(rows[3]).toMatch(/^\| slow \| 6 \| 1 \| 0\.50 \[0\.50\.\.0\.50\] \| 0 \[0\.\.0\] \|/);
    expect(rows[3]).toMatch(/\| 19 \[19\.\.19\] \| 6\/6 \| 6-0 \| 0\.031 \|/);
  });
});

describe('pairs of designs and devices', () => {
  function spaceOf(...losses: readonly number[][]): ProofSpace {
    return {
      command: '',
      data: '',
      settings: {},
      engine: { version: '', kernels: '', build: '' },
      seeds: [1],
      designs: losses.map((loss, i) => ({
        layers: [['convolution-5', 1, 16 * (i + 1)]],
        vusPr: loss,
        loss,
        trainS: loss,
        usPerRow: loss,
      })),
    };
  }

  const space = spaceOf([0.2], [0.1]);
  const costs: DeviceCosts = {
    command: '',
    source: '',
    devices: ['fast', 'slow'],
    costs: [
      [
        [1, 1, 4],
        [2, 2, 2],
      ],
      [
        [2, 2, 4],
        [4, 4, 2],
      ],
    ],
  };

  it('weigh accuracy against costs over twice the greatest, the device running fastest', () => {
    const table = devicePairsTable(space, costs);
    const values = table.outcomes.map(({ values: [value] }) => value);
    expect(values[0]).toBeCloseTo(0.4 * (1 - 1 / 8) + 0.1 * 0.5, 12);
    expect(values[3]).toBeCloseTo(0.5 + 0.4 * (1 - 4 / 8) + 0.1 * 0.75, 12);
    expect(table.candidates().partsOf(2)).toEqual([1, 0]);
  });

  it('weigh accuracy against simulated costs in parts of what random pairs have, with accelerators', () => {
    const simulated: AcceleratorCosts = {
      ...{ command: '', simulated: true, mode: 'inference', areaMm2: [1, 1] },
      costs: [1, 1].map(() => [
        [2, 3, 4],
        [2, 3, 4],
      ]),
    };
    const expected = { mode: 'inference', accelerators: 2 } as const;
    const read = (content: unknown) => readPrices(JSON.stringify(content), 'costs.json', expected);
    const tableOf = (trained: ProofSpace, of: AcceleratorCosts) => {
      const [prices, { encoder }] = [read(of), PROOF_ACCELERATORS];
      const designs = designTable(trained, 'loss');
      return acceleratorPairsTable(designs, encoder, prices, drawnPrices(prices));
    };
    const table = tableOf(space, simulated);
    // All cost the same, which is the scale, and leave nothing.
    const values = table.outcomes.map(({ values: [value] }) => value);
    for (const [pair, value] of [0, 0, 0.5, 0.5].entries())
      expect(values[pair]).toBeCloseTo(value, 12);
    expect(table.candidates().partsOf(3)).toEqual([1, 1]);
    const [fast, slow] = tableOf(space, {
      ...simulated,
      costs: [1, 1].map(() => [
        [1, 3, 4],
        [2, 3, 4],
      ]),
    }).outcomes.map(({ values: [value] }) => value as number);
    // TransCODE's weight of the latency is .1, and 2 is its scale.
    expect((fast as number) - (slow as number)).toBeCloseTo(0.1 * (1 / 2), 12);
    expect(() => tableOf(spaceOf([0.2]), simulated)).toThrow(SourceError);
    expect(read(simulated)[1]?.[0]).toEqual({
      ...{ latencyS: 2, dynamicJ: 3, leakageJ: 4, areaMm2: 1, powerW: 3.5 },
    });
    const faulty = [
      { ...simulated, simulated: false },
      { ...simulated, areaMm2: [1] },
    ];
    for (const one of faulty) expect(() => read(one)).toThrow(/^costs\.json holds no costs/);
    expect(() => read({ ...simulated, mode: 'training' })).toThrow(
      /^costs\.json has costs of training on 2 accelerators, expected inference on 2: write it with/,
    );
    expect(() => read({ ...simulated, areaMm2: [1], costs: [[[2, 3, 4]], [[2, 3, 4]]] })).toThrow(
      /^costs\.json has costs of inference on 1 accelerators, expected inference on 2: write it with/,
    );
  });

  it('are infeasible where no training of the design ended well', () => {
    const { outcomes } = devicePairsTable(spaceOf([0.2], [0.1], []), {
      ...costs,
      costs: [...costs.costs, ...costs.costs.slice(1)],
    });
    expect(outcomes[3]?.values[0]).toBeCloseTo(0.5 + 0.4 * (1 - 4 / 8) + 0.1 * 0.75, 12);
    expect(outcomes.slice(4).map(({ values }) => values)).toEqual([[], []]);
  });

  it('refuse costs of other designs, and of other devices than are named', () => {
    expect(() => devicePairsTable(spaceOf([0.2]), costs)).toThrow(SourceError);
    const read = (content: unknown) => readDeviceCosts(JSON.stringify(content), 'costs.json');
    expect(read(costs)).toEqual(costs);
    expect(() => read({ ...costs, devices: ['fast'] })).toThrow(/^costs\.json holds no costs/);
  });
});
