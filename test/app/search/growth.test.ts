import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectorOf, type GrowthSetup, growChosen } from '../../../src/app/search/growth.ts';
import { heldBack, verdictOn } from '../../../src/app/search/growth-verdict.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { lookUp } from '../../../src/core/registry.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { readCnnSpace } from '../../../src/lab/search/cnn-space/space.ts';
import { readTree } from '../../../src/lab/search/gptran/tree-text.ts';
import type { DesignPoint } from '../../../src/models/design-point.ts';
import type { NetworkDesign } from '../../../src/models/network-family.ts';
import { weightsUnder } from '../../../src/models/network-weights.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { data, settings } from './toy-search.ts';

const { signal } = new AbortController();
const kernels = await loadKernels();
const dct = { op: 'transform', basis: 'dct' } as const;
const design: DesignPoint = { layers: [{ hidden: 8, heads: [dct, dct], feedForward: [16] }] };
const chosen = { design, model: await modelOf(design) };
const setup: GrowthSetup = {
  ...{ settings: settings({ training: { batch: 8 } }), data, kernels, signal },
  device: { kind: 'x86', source: 'measured' },
};
const brief = { steps: 4, rate: 1 };
const options = {
  ...{ rounds: 2, samples: 1, start: brief },
  budgets: { 'grow-head': brief, 'grow-feed-forward': brief },
};

async function modelOf(point: DesignPoint) {
  const trainer = lookUp(trainers, 'forecaster', 'detector');
  const short = trainer.options.parse({ point, rows: 16, patch: 2, batch: 8, steps: 4 });
  return await trainer.train(data.train, short, {
    ...{ kernels, seed: 1, intervalMs: data.intervalMs, signal, progress: () => undefined },
  });
}

describe('the growth of what a search has chosen', () => {
  it('lies in the folder with its start and its end, and is not done twice', async () => {
    const folder = tempFolder();
    const path = join(folder, 'growth.json');
    const kept: (number | undefined)[] = [];
    const read = () => readTree(readFileSync(path, 'utf8'), path);
    const failing = growChosen(folder, chosen, options, setup, () => {
      kept.push(read().rounds.length);
      throw new Error('killed');
    });
    await expect(failing).rejects.toThrow('killed');
    const tree = await growChosen(folder, chosen, {}, setup, ({ rounds }) => {
      kept.push(rounds.length);
    });
    expect(kept).toEqual([1, 2]);
    expect(tree.control?.loss).toBeLessThanOrEqual(tree.nodes[0]?.trained?.loss ?? 0);
    expect(read()).toEqual(tree);
    // A training would need the engine.
    const idle = { ...setup, kernels: { ...kernels, compile: () => expect.fail('trained again') } };
    expect(await growChosen(folder, chosen, options, idle, () => expect.fail())).toEqual(tree);
  });

  it('lies there before its first round', async () => {
    const folder = tempFolder();
    const controller = new AbortController();
    const stopped = { ...setup, signal: controller.signal };
    const { costsOf: _, ...device } = setup.device;
    // The cost of the start is asked for once it is trained.
    const costsOf = () => {
      controller.abort(new Error('enough'));
      return [{ p50S: 1, p95S: 1, memoryBytes: 1, modelled: [] }];
    };
    const growing = growChosen(
      folder,
      chosen,
      options,
      { ...stopped, device: { ...device, costsOf } },
      () => undefined,
    );
    await expect(growing).rejects.toThrow('enough');
    const path = join(folder, 'growth.json');
    expect(readTree(readFileSync(path, 'utf8'), path).nodes).toHaveLength(1);
  });

  it('refuses to go on with another network or other options than it began with', async () => {
    const folder = tempFolder();
    await growChosen(folder, chosen, { ...options, rounds: 1 }, setup, () => undefined);
    const again = (one: typeof chosen, asked: Readonly<Record<string, unknown>>) =>
      growChosen(folder, one, asked, setup, () => undefined);
    await expect(again(chosen, { rounds: 3 })).rejects.toThrow(
      /growth.json began with rounds 1, but 3 is given: leave it out to continue, or remove the file/,
    );
    const other = { layers: [{ ...design.layers[0], feedForward: [8] }] } as DesignPoint;
    const failing = again({ ...chosen, design: other }, {});
    await expect(failing).rejects.toBeInstanceOf(ConfigError);
    await expect(failing).rejects.toThrow(
      /began with 8:.*:16, but the search has chosen 8:.*:8: remove the file to start again/,
    );
  });
});

describe('the growth of a convolutional network', () => {
  it('goes on with vertices and channels, and becomes a detector of its kind', async () => {
    const point = {
      cells: [
        {
          ...{ channels: 8, activation: 'silu', output: [1] },
          vertices: [{ operation: { op: 'convolution', kernel: 3 }, inputs: [0] }],
        },
      ],
    } as unknown as NetworkDesign;
    const asked = settings({
      ...{ space: readCnnSpace('proof'), detector: 'cnn' },
      ...{ training: { batch: 8 }, finalSteps: 4 },
    });
    const trainer = lookUp(trainers, 'cnn', 'detector');
    const short = trainer.options.parse({ point, rows: 32, batch: 8, steps: 4 });
    const context = { kernels, seed: 1, intervalMs: data.intervalMs, signal };
    const model = await trainer.train(data.train, short, { ...context, progress: () => undefined });
    const own = { ...setup, settings: asked };
    const asking = {
      ...{ rounds: 2, samples: 1, start: brief },
      budgets: { 'grow-vertex': brief, 'grow-channels': brief },
    };
    const folder = tempFolder();
    const tree = await growChosen(folder, { design: point, model }, asking, own, () => undefined);
    expect(tree.rounds.map(({ mode }) => mode)[0]).toBe('grow-vertex');
    const grown = tree.nodes[1];
    if (!grown?.trained) throw new Error('nothing has grown');
    expect(grown.point).toMatchObject({ cells: [{ vertices: [{}, {}] }] });
    const network = { point: grown.point, tensors: grown.trained.tensors };
    const detector = await detectorOf(network, own);
    expect(detector.kind).toBe('cnn');
    expect(detector.design['cnn']).toMatchObject({ point: grown.point, rows: 32 });
    await expect(
      growChosen(tempFolder(), { design: point, model }, { prunedHeads: 2 }, own, () => undefined),
    ).rejects.toThrow(/^options of gptran: found an unknown key 'prunedHeads'/);
  });
});

describe('the detector of a network that is trained', () => {
  it('begins with its weights, whatever the heads are wide', async () => {
    const [layer] = design.layers;
    const point = { layers: [{ ...layer, headWidth: 3 }] } as DesignPoint;
    const model = await modelOf(point);
    const tensors = Object.fromEntries(
      Object.entries(model.tensors).flatMap(([name, tensor]) =>
        name.startsWith('forecaster.') ? [[name.slice('forecaster.'.length), tensor]] : [],
      ),
    );
    const still = settings({ training: { batch: 8, learningRate: 1e-12, weightDecay: 0 } });
    const again = await detectorOf({ point, tensors }, { ...setup, settings: still });
    expect(again.design['forecaster']).toMatchObject({ point });
    const [was, is] = [model, again].map(
      (one) => one.tensors['forecaster.layer1.heads.output.weights']?.data ?? [],
    );
    expect(was).toHaveLength(2 * 3 * 8);
    was?.forEach((value, i) => {
      expect(is?.[i]).toBeCloseTo(value, 6);
    });
  });
});

describe('the verdict on a growth', () => {
  const recording = {
    ...data,
    candidates: { kind: 'recording', series: data.train, intervalMs: 1000 },
  } as const;
  const network = { point: design, tensors: weightsUnder('forecaster', chosen.model.tensors) };

  it('is by rows of a recording that neither the start nor what grew of it has learnt from', async () => {
    const held = heldBack(recording);
    const rows = recording.train.timeMs.length;
    expect(held.data.train.timeMs).toHaveLength(0.8 * rows);
    expect(held.unseen?.timeMs[0]).toBe(recording.train.timeMs[0.8 * rows]);
    const folder = tempFolder();
    const tree = await growChosen(
      folder,
      chosen,
      { ...options, rounds: 1 },
      { ...setup, ...held },
      () => undefined,
    );
    const other = { ...held.data, train: { ...held.data.train } };
    const again = await growChosen(
      tempFolder(),
      { ...chosen, model: { ...chosen.model, tensors: {} } },
      { ...options, rounds: 1 },
      { ...setup, ...held, data: other },
      () => undefined,
    );
    expect(again).toEqual(tree); // the weights of the search, which has seen all, are not looked at
  });

  it('tells how far the forecasts of both are off', async () => {
    const context = { ...setup, ...heldBack(recording) };
    const still = { learningRate: 1e-12, weightDecay: 0, batch: 8 };
    const judging = { ...context, settings: settings({ training: still }) };
    const worse = Object.fromEntries(
      Object.entries(network.tensors).map(([name, tensor]) => [
        name,
        { ...tensor, data: tensor.data.map((value) => 20 * value) },
      ]),
    );
    const start = { ...network, tensors: worse };
    const model = chosen.model;
    const verdict = await verdictOn({ start, grown: network, model }, judging);
    expect(verdict?.measure).toBe('forecast error on the newest fifth');
    expect(verdict?.before).toBeGreaterThan(verdict?.after ?? 0);
    const same = await verdictOn({ start: network, grown: network, model }, judging);
    expect(same?.after).toBe(same?.before);
  });
});
