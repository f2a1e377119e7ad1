// What more hardware brings, and what there is too little of.
import { describe, expect, it } from 'vitest';
import { bertTiny } from '../../../scripts/accelerator-proof/bert-tiny.ts';
import type { SimulationFile } from '../../../src/app/simulate/simulation-file.ts';
import { simulationText } from '../../../src/app/simulate/simulation-text.ts';
import { type Accelerator, presets } from '../../../src/lab/simulator/accelerator.ts';
import { type Simulation, simulate } from '../../../src/lab/simulator/simulate.ts';
import { PUBLISHED_ZEROS, Zeros } from '../../../src/lab/simulator/zeros.ts';
import { slowerWithMore } from './more-hardware.ts';

const edge = presets.get('edge') as Accelerator;
const options = { order: 'bijk', lanes: 'window-32', zeros: new Zeros(PUBLISHED_ZEROS) } as const;

const fileOf = (simulation: Simulation): SimulationFile => ({
  ...({ format: 'sentigon-simulation/1', network: 'bert', windows: 1, mode: 'inference' } as const),
  ...{ order: 'bijk', lanes: 'window-32', shares: PUBLISHED_ZEROS, accelerator: edge, simulation },
});

describe('an accelerator', () => {
  it('is never slower by more than a hundredth with more elements, bandwidth or buffers', () => {
    expect(slowerWithMore(12, 1)).toEqual([]);
  });

  it('uses no module for longer than it runs, but those that the lanes of an element share', () => {
    const work = bertTiny(1, 'inference');
    const crowded: Accelerator = {
      ...{ ...edge, elements: 1, lanes: 128 },
      tile: { batch: 1, rows: 8, columns: 8 },
    };
    const { energy, ...rest } = simulate(work, crowded, { ...options, mode: 'inference' });
    const over = energy.modules.filter(({ use }) => use > 1).map(({ module }) => module);
    expect(over).toEqual(['dataflow', 'dma']);
    const simulation = { ...rest, energy };
    const file = { ...fileOf(simulation), accelerator: crowded };
    expect(simulationText(file)).toMatch(/^dataflow too slow +it would work for [\d.]+ times all/m);
    const enough = simulate(work, edge, { ...options, mode: 'inference' });
    expect(simulationText(fileOf(enough))).not.toContain('too slow');
  });
});
