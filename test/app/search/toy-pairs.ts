// A toy search of networks and accelerators.
import { isCodesign } from '../../../src/app/search/simulated-costs.ts';
import { small } from '../../../src/lab/simulator/presets/acceltran.ts';
import type { TiledSpace } from '../../../src/lab/simulator/space.ts';
import { settings } from './toy-search.ts';

export const WIDTH = 3;
export const WEIGHTS = {
  ...{ accuracy: 0.5, latency: 0.1, energy: 0.2, peakPower: 0, leakage: 0.1, area: 0.1 },
};

/** 96 accelerators, which are prepared sooner than those of the small space. */
export const few: TiledSpace = {
  name: 'few',
  choices: {
    ...small.choices,
    ...{ tile: [8], multipliers: [16], softmaxUnits: [1], nonLinearity: ['gelu'], batch: [1, 4] },
    ...{ lanes: [1, 16], activationMb: [1 / 64, 1], weightMb: [1 / 64], memory: ['rram-32-2-1'] },
  },
};

export function paired(more: object = {}) {
  const found = settings({
    devices: [{ kind: 'small accelerators', measured: true }],
    accelerators: { space: few, mode: 'inference' },
    ...{ weights: WEIGHTS, method: 'nsga2', methodOptions: { population: 4 }, budget: 12, ...more },
  });
  if (!isCodesign(found)) throw new Error('no search of accelerators');
  return found;
}
