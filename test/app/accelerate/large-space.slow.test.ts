// A space that is too large to be listed: 20,000 of its accelerators are drawn, and later more around the best.
import { describe, expect, it } from 'vitest';
import { accelerate, type Evaluated } from '../../../src/app/accelerate/session.ts';
import { around, legalAccelerators } from '../../../src/app/search/device-candidates.ts';

import { areaMm2 } from '../../../src/lab/simulator/hardware.ts';
import { networkOfDesign } from '../../../src/lab/simulator/networks.ts';
import { elector } from '../../../src/lab/simulator/presets/acceltran.ts';
import { acceleratorAt, numberAt } from '../../../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../../../src/lab/simulator/zeros.ts';

const design = {
  point: {
    layers: [{ hidden: 16, heads: [{ op: 'attention', form: 'scaled' }], feedForward: [16] }],
  },
  ...{ patch: 4, rows: 16, width: 3, horizon: 1 },
};

const needs = { smooth: true, comparesEnergy: true, training: false };

describe("ELECTOR's space", () => {
  it('is drawn from, and then searched around the best', async () => {
    const networks = new Map(
      elector.choices.batch.map((windows) => {
        const work = networkOfDesign(design, 'design', windows).work('inference');
        return [windows, { work, zeros: new Zeros(NO_ZEROS) }];
      }),
    );
    const all: Evaluated[] = [];
    await accelerate(
      {
        ...{ space: elector, networks, objectives: ['latency', 'energy', 'area'] },
        ...{ method: 'nsga2', methodOptions: { population: 8 }, budget: 60, seed: 1 },
        options: { mode: 'inference', order: 'bijk', lanes: 'window-32' },
      },
      {
        signal: new AbortController().signal,
        onBegun: ({ candidates, space }) =>
          expect([candidates, space]).toEqual([20_000, 14_850_000]),
        onEvaluated: (one) => void all.push(one),
      },
    );
    expect(new Set(all.map(({ accelerator }) => accelerator.name)).size).toBe(60);
    const drawn = new Set(
      legalAccelerators(elector, needs, 1).map((number) => `elector:${number}`),
    );
    // Some that were evaluated late were never drawn.
    expect(all.slice(0, 8).every(({ accelerator }) => drawn.has(accelerator.name))).toBe(true);
    expect(all.some(({ accelerator }) => !drawn.has(accelerator.name))).toBe(true);
  });

  it('of an area that no drawn one keeps within has the smallest, and those around it', () => {
    const counts = Array.from({ length: 100 }, (_, i) => i + 1);
    const choices = { ...elector.choices, elements: counts, lanes: counts, batch: [4] };
    const vast = { name: 'vast', choices };
    // All first values are the least, but relu lanes do not serve.
    const gelu = choices.nonLinearity.indexOf('gelu');
    const first = [0, 0, 0, 0, 0, 0, gelu, 0, 0, 0, 0, choices.memory.indexOf('rram-32-2-1')];
    const smallest = acceleratorAt(vast, numberAt(vast, first));
    const area = areaMm2(smallest, false);
    const found = legalAccelerators(vast, { ...needs, maxAreaMm2: 1.001 * area }, 1);
    expect(found.length).toBeGreaterThan(1);
    for (const number of found) {
      expect(areaMm2(acceleratorAt(vast, number), false)).toBeLessThanOrEqual(1.001 * area);
    }
    expect(() => legalAccelerators(vast, { ...needs, maxAreaMm2: 0.9 * area }, 1)).toThrow(
      /the smallest has [\d.]+ mm2, [\d.]+ more/,
    );
  });

  it('has legal accelerators at most two steps around one', () => {
    const [centre = 0] = legalAccelerators(elector, needs, 1);
    const near = around(elector, needs, [centre]);
    expect(near.length).toBeGreaterThan(20);
    expect(near).not.toContain(centre);
    expect(new Set(near).size).toBe(near.length);
  });
});
