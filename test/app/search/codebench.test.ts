// CODEBench: convolutional networks searched together with AccelBench's accelerators. Costs are simulated, accuracies made up.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSearchOptions } from '../../../src/app/cli/search-options.ts';
import { settingsFrom } from '../../../src/app/cli/search-settings.ts';
import { readModel } from '../../../src/app/models/model-folder.ts';
import { codesignWindow } from '../../../src/app/search/codesign.ts';
import { completeSearch } from '../../../src/app/search/complete-search.ts';
import type { SearchResult } from '../../../src/app/search/search-result.ts';
import { figuresText } from '../../../src/app/search/search-text.ts';
import { startSearch, type Told } from '../../../src/app/search/session.ts';
import {
  costsOfTrained,
  deviceNamed,
  isCodesign,
  simulatedCosts,
} from '../../../src/app/search/simulated-costs.ts';
import { readDesign } from '../../../src/detectors/detector-plugin.ts';
import { cnnDesign } from '../../../src/detectors/networks/forecast.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { readCnnSpace } from '../../../src/lab/search/cnn-space/space.ts';
import { parseAccelerator } from '../../../src/lab/simulator/accelerator.ts';
import { networkOfDesign } from '../../../src/lab/simulator/networks.ts';
import { accelbench } from '../../../src/lab/simulator/presets/accelbench.ts';
import { smoothFunctionOf } from '../../../src/lab/simulator/price.ts';
import type { AcceleratorSpace } from '../../../src/lab/simulator/space.ts';
import type { CnnPoint } from '../../../src/models/cnn-design.ts';
import { data as toy, trained } from '../simulate/toy-network.ts';
import { context, data, STARTED, settings } from './toy-search.ts';

/** 48 networks, of which some compute a ReLU, some a SiLU and some nothing that is not linear. */
const space = readCnnSpace({
  ...{ family: 'cnn', cells: [1], vertices: [1], rows: 16, activations: ['relu', 'silu'] },
});

/** 128 accelerators. */
const few: AcceleratorSpace = {
  name: 'few',
  choices: {
    ...accelbench.choices,
    ...{ unrolledWindows: [1], unrolledRows: [1, 8], unrolledColumns: [1, 8], unrolledTaps: [1] },
    ...{ batch: [1, 32], activationMb: [1 / 8, 1], weightMb: [1 / 8, 1] },
    memory: ['rram-32-2-1'],
  },
};

function paired(more: object = {}) {
  const found = settings({
    ...{ space, embedding: 'learned', detector: 'cnn' },
    devices: [{ kind: 'accelbench accelerators', measured: true }],
    accelerators: { space: few, mode: 'inference' },
    ...{ method: 'random', budget: 5, ...more },
  });
  if (!isCodesign(found)) throw new Error('no search of accelerators');
  return found;
}

describe('a search of convolutional networks and their accelerators', () => {
  it('asks for no pair whose lanes do not compute what the network does, whichever network comes first', () => {
    const window = codesignWindow(paired(), 3);
    const smooth = new Map<unknown, boolean>();
    const seen = new Set<string>();
    for (const { network, device } of window.library.choices) {
      const { point, rows, width, horizon } = network;
      if (!smooth.has(point)) {
        const design = { cnn: point, rows, width, horizon };
        const work = networkOfDesign(design, 'the design', 1).work('inference');
        smooth.set(point, smoothFunctionOf(work) !== undefined);
      }
      const lanes = device.accelerator?.nonLinearity;
      seen.add(`${lanes} ${smooth.get(point)}`);
    }
    expect([...seen].sort()).toEqual(['gelu false', 'gelu true', 'relu false']);
    const { choices } = window.library;
    const asked = choices.flatMap(({ device }, i) =>
      device.accelerator?.nonLinearity === 'relu' ? [i] : [],
    );
    window.next(1, asked.slice(0, 3));
    const later = window.library.choices.slice(choices.length);
    for (const { network, device } of later) {
      const isRelu = device.accelerator?.nonLinearity === 'relu';
      expect(isRelu && smooth.get(network.point)).toBe(false);
    }
  });

  describe('when it is complete', () => {
    const folder = mkdtempSync(join(tmpdir(), 'codebench-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    let found: { readonly result: SearchResult; readonly trained: Told; readonly text: string };
    beforeAll(async () => {
      const wanted = paired({ finalSteps: 2, training: { batch: 8 } });
      const session = await startSearch(wanted, STARTED, context(folder));
      const tools = { kernels: await loadKernels(), signal: new AbortController().signal };
      const result = await completeSearch(session, { folder, data, ...tools });
      const { chosen, model } = result;
      const trained = session.history.find(
        ({ evaluated }) => evaluated.candidate === chosen?.candidate,
      );
      if (!chosen || !model || !trained) throw new Error('nothing was chosen');
      found = { result, trained, text: figuresText(model, chosen, folder) };
    });

    it('reports the network that was trained, on the accelerator of its pair (upstream defect: the first network with that accelerator)', async () => {
      const { chosen } = found.result;
      const { network, device } = found.trained.choice;
      expect(chosen?.design).toEqual(network.point);
      expect(chosen?.device).toBe(device.kind);
      const file = await readModel(join(folder, 'model.safetensors'));
      expect(readDesign(cnnDesign, file).cnn.point).toEqual(chosen?.design as CnnPoint);
      const path = join(folder, 'accelerator.json');
      expect(parseAccelerator(readFileSync(path, 'utf8'), path)).toEqual(device.accelerator);
    });

    it('names the costs with zeros, what its leakage lacks, and the hand-made pair', () => {
      const lines = [
        /^simulated with the zeros that it has: latency .+, energy .+ mJ, leakage .+ mJ$/m,
        /^leakage is without the periphery of the RRAM, whose standby is not published$/m,
        /^hand-made .+ the cnn on few:\d+, the best of 64 for it$/m,
      ];
      for (const line of lines) expect(found.text).toMatch(line);
    });

    it('prices the training of the network by its epoch', async () => {
      const file = await readModel(join(folder, 'model.safetensors'));
      const { device } = found.trained.choice;
      const tools = { train: data.train, kernels: await loadKernels() };
      const [window, epoch] = [undefined, 7].map((windows) => {
        const training = { space: few, mode: 'training', epoch: windows };
        return costsOfTrained(file, device, paired({ accelerators: training }), tools);
      });
      expect(epoch).toMatchObject({ epoch: 7, areaMm2: window?.areaMm2 });
      expect((epoch?.p50S ?? 0) / (window?.p50S ?? 0)).toBeCloseTo(7, 9);
      expect((epoch?.energyJ ?? 0) / (window?.energyJ ?? 0)).toBeCloseTo(7, 9);
      expect(window?.p50S).toBeGreaterThan(found.result.model?.simulated?.p50S ?? 0);
    });
  });

  it('takes the zeros of a trained network off its costs', async () => {
    const convolution = { op: 'convolution', kernel: 3 };
    const cells = [
      {
        ...{ channels: 16, output: [2], activation: 'relu' },
        vertices: [
          { operation: convolution, inputs: [0] },
          { operation: convolution, inputs: [1] },
        ],
      },
    ] as unknown as CnnPoint['cells'];
    const model = await trained('cnn', { steps: 2, rows: 16, batch: 8, point: { cells } });
    const { point } = readDesign(cnnDesign, model).cnn;
    const network = { point, rows: 16, patch: 1, width: model.channels.length, horizon: 1 };
    const settled = paired();
    const device = deviceNamed(settled, 'few:0');
    const tools = { train: toy.train, kernels: await loadKernels() };
    const dense = simulatedCosts({ network, device }, settled);
    const real = costsOfTrained(model, device, settled, tools);
    expect(real?.p50S).toBeLessThan(dense.p50S);
    expect(real?.energyJ).toBeLessThan(dense.energyJ ?? 0);
  });

  it('counts by the weights of CODEBench unless others are given', () => {
    const weightsWith = (...args: readonly string[]) => {
      const asked = ['--family', 'cnn', '--accelerators', 'accelbench', ...args];
      const command = withSearchOptions(new Command()).parse(asked, { from: 'user' });
      const devices = [{ kind: 'accelbench accelerators', measured: true }];
      return settingsFrom('host-faults', command.opts(), devices).weights;
    };
    const published = { accuracy: 0.2, latency: 0.2, energy: 0.2, peakPower: 0 };
    expect(weightsWith()).toEqual({ ...published, leakage: 0.3, area: 0.1 });
    expect(weightsWith('--weights', 'accuracy=1')).toMatchObject({ accuracy: 1, leakage: 0 });
  });
});
