import { beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/core/sample.ts';
import { rowsBetween, type Series } from '../../../src/core/series.ts';
import { runTraining } from '../../../src/detectors/training/run-training.ts';
import type { Kernels } from '../../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { createGateway, gatewayOptions } from '../../../src/io/sources/mqtt/gateway.ts';
import { createFaultCounter } from '../../../src/io/timing/fault-counter.ts';
import { deploy } from '../../../src/lab/judging/deployment.ts';
import { watchedChannels } from '../../../src/models/model.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels();
});

const numeric = (property: string, unit: string) => ({
  ...{ access: 1, name: property, property, type: 'numeric', unit },
});

/** As on zigbee2mqtt/bridge/devices. */
const PLUG = {
  definition: {
    exposes: [numeric('power', 'W'), numeric('current', 'A'), numeric('energy', 'kWh')],
  },
  friendly_name: 'plug',
  type: 'Router',
};

/** Rows, one a second, of a plug that a fridge hangs on: its motor runs for one minute of two. */
function plugSeries(rows: number, counts: boolean): Series {
  const gateway = createGateway(gatewayOptions.parse({ preset: 'zigbee2mqtt' }));
  const faults = createFaultCounter(() => undefined);
  gateway.message('zigbee2mqtt/bridge/devices', JSON.stringify([PLUG]), faults);
  const random = createRandom(4);
  const values: number[] = [];
  let channels: readonly Channel[] = [];
  let energy = 532.1;
  for (let row = 0; row < rows; row++) {
    const power = (row % 120 < 60 ? 950 : 400) + 15 * random.normal();
    if (counts) energy += power / 3.6e6;
    const state = { power, current: power / 230, energy: Number(energy.toFixed(2)) };
    gateway.message('zigbee2mqtt/plug', JSON.stringify(state), faults);
    channels = gateway.channels();
    for (const channel of channels) values.push(gateway.value(channel, Date.now()));
  }
  return {
    id: 'plug',
    channels,
    timeMs: Float64Array.from({ length: rows }, (_, row) => row * 1000),
    values: Float64Array.from(values),
  };
}

/** Half an hour to learn from, and two hours that follow. */
function lessonAndSequel(counts: boolean): readonly [Series, Series] {
  const whole = plugSeries(9000, counts);
  return [rowsBetween(whole, 0, 1800), rowsBetween(whole, 1800, 9000)];
}

/** Alerts after the lesson. */
async function alertsAfter(counts: boolean, kind: string, options: object): Promise<number> {
  const [train, test] = lessonAndSequel(counts);
  const model = await runTraining(
    { kind, series: train, options, seed: 1, intervalMs: 1000 },
    kernels,
    () => undefined,
  );
  const labels = new Uint8Array(test.timeMs.length);
  const { deployed } = deploy(
    { id: 'plug', train, test, labels, segments: [], intervalMs: 1000 },
    model,
    kernels,
  );
  return deployed?.openings.length ?? Number.NaN;
}

describe('a plug of Zigbee2MQTT (#19)', () => {
  it.each([
    ['robust-z', {}],
    ['knn', {}],
    ['gon-official', {}],
    ['gon', { steps: 30, batch: 32, lengths: [1, 5], shapeLengths: [] }],
  ])(
    '%s: energy that grows raises no more alerts than energy that is held still',
    async (kind, options) => {
      const still = await alertsAfter(false, kind, options);
      expect(still).toBeLessThan(20);
      expect(await alertsAfter(true, kind, options)).toBeLessThanOrEqual(still + 1);
    },
  );

  it('is watched by its energy, too, whose rate is in kWh an hour', async () => {
    const [train, test] = lessonAndSequel(true);
    const model = await runTraining(
      { kind: 'robust-z', series: train, options: {}, seed: 1, intervalMs: 1000 },
      kernels,
      () => undefined,
    );
    expect(watchedChannels(model)).toContainEqual({ id: 'plug.energy', unit: 'kWh/h' });
    const labels = new Uint8Array(test.timeMs.length);
    const energy = test.channels.findIndex(({ id }) => id === 'plug.energy');
    const values = test.values.map((value, i) => {
      const row = Math.floor(i / test.channels.length);
      const isMore = i % test.channels.length === energy && row >= 3600;
      return isMore ? value + Math.floor((row - 3600) / 6) / 100 : value; // 6 kW that it does not measure
    });
    const { deployed } = deploy(
      { id: 'plug', train, test: { ...test, values }, labels, segments: [], intervalMs: 1000 },
      model,
      kernels,
    );
    const [state] = deployed?.states ?? [];
    expect(deployed?.openings[0]).toBeGreaterThan(3600);
    expect(deployed?.openings[0]).toBeLessThan(3700);
    const [blamed] = state?.channels ?? [];
    expect(blamed).toMatchObject({ id: 'plug.energy', unit: 'kWh/h' });
    expect(blamed?.value).toBeGreaterThan(1);
    expect(blamed?.value).toBeLessThan(8);
    expect(blamed?.expected).toBeCloseTo(0.675, 1);
  });
});
