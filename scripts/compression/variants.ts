// A network whole, compressed by each method, pruned by GPTran, and trained from the start with a smaller design.
import { lookUp } from '../../src/core/registry.ts';
import { trainers } from '../../src/detectors/training/index.ts';
import type { TrainingContext } from '../../src/detectors/training/trainer.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { leanModel, numbersIn } from '../../src/lab/compression/lean-model.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';
import type { DesignPoint } from '../../src/models/design-point.ts';
import type { Model } from '../../src/models/model.ts';
import { blocksPruned, GPTRAN_RATE } from './blocks-pruned.ts';
import { layersOf } from './wide-encoder.ts';

interface Network {
  readonly kind: string;
  /** Layers of the network of which this share is left; absent = it has no ratio. */
  readonly layers?: (left: number) => DesignPoint;
}

/** The default forecaster, an encoder of three layers of width 64, and the default GON. */
export const NETWORKS: ReadonlyMap<string, Network> = new Map<string, Network>([
  ['forecaster', { kind: 'forecaster', layers: (left) => layersOf(32, 2, left) }],
  ['wide', { kind: 'encoder', layers: (left) => layersOf(64, 3, left) }],
  ['gon', { kind: 'gon' }],
]);

interface NarrowingChoice {
  /** The name, unless told. */
  readonly method?: string;
  /** Whether its ranks are multiples of the task's `round`. */
  readonly isRounded?: boolean;
  readonly options?: Record<string, unknown>;
}

/** MoDeGPT with shares by the errors of its parts, by the influence of layers as published, and alike; and its rivals. */
const NARROWINGS: Readonly<Record<string, NarrowingChoice>> = {
  modegpt: { isRounded: true },
  'modegpt-influence': {
    ...{ method: 'modegpt', isRounded: true },
    options: { allocation: 'influence' },
  },
  'modegpt-uniform': {
    ...{ method: 'modegpt', isRounded: true },
    options: { allocation: 'uniform' },
  },
  magnitude: { isRounded: true },
  svd: { isRounded: true },
  rotation: {},
};

interface VariantTask {
  readonly series: LabelledSeries;
  readonly seed: number;
  readonly ratios: readonly number[];
  /** Ranks are multiples of it. */
  readonly round: number;
  readonly kernels: Kernels;
  readonly signal: AbortSignal;
}

export interface Variant {
  readonly method: string;
  readonly ratio: number;
  readonly model: Model;
  /** Processor seconds that it took to make. */
  readonly madeS: number;
}

/** What is made of one network on one series; the whole network comes first. */
export async function variantsOf(network: Network, task: VariantTask): Promise<readonly Variant[]> {
  const making = new Making(network, task);
  await making.all();
  return making.made;
}

class Making {
  readonly made: Variant[] = [];
  readonly #network: Network;
  readonly #task: VariantTask;
  /** Processor seconds of one training step of the whole network, and of all of its training but for the steps. */
  #costs = { stepS: 0, restS: 0 };

  constructor(network: Network, task: VariantTask) {
    [this.#network, this.#task] = [network, task];
  }

  get #whole(): Variant {
    return this.made[0] as Variant;
  }

  async all(): Promise<void> {
    const { layers } = this.#network;
    const { ratios } = this.#task;
    await this.#addWhole(layers ? { point: layers(1) } : {});
    if (!layers) await this.#lean('span', 0, {});
    for (const ratio of layers ? ratios : []) {
      for (const name of Object.keys(NARROWINGS)) await this.#lean(name, ratio, { ratio });
      await this.#prune(ratio);
      await this.#add('trained', ratio, () => this.#train({ point: layers?.(1 - ratio) }, {}));
    }
  }

  async #add(method: string, ratio: number, make: () => Promise<Model>): Promise<void> {
    const before = processorSeconds();
    const model = await make();
    this.made.push({ method, ratio, model, madeS: processorSeconds() - before });
  }

  async #addWhole(options: object): Promise<void> {
    const seen: { readonly step: number; readonly atS: number }[] = [];
    const progress: TrainingContext['progress'] = ({ step }) =>
      seen.push({ step, atS: processorSeconds() });
    await this.#add('whole', 0, () => this.#train(options, { progress }));
    const [first, last] = [seen[0], seen.at(-1)];
    if (!first || !last || last.step === first.step) return;
    const stepsS = last.atS - first.atS;
    this.#costs = {
      stepS: stepsS / (last.step - first.step),
      restS: this.#whole.madeS - stepsS,
    };
  }

  #lean(name: string, ratio: number, asked: Record<string, unknown>): Promise<void> {
    return this.#add(name, ratio, async () => {
      const { series, round, kernels, signal } = this.#task;
      const context = { kernels, signal, progress: () => undefined };
      const { method = name, isRounded, options } = NARROWINGS[name] ?? {};
      const choice = { method, options: { ...asked, ...(isRounded && { round }), ...options } };
      return (await leanModel(this.#whole.model, series.train, choice, context)).model;
    });
  }

  /** As many numbers as MoDeGPT left, and as many steps as take the rest of the seconds that MoDeGPT took. */
  #prune(ratio: number): Promise<void> {
    const { model, madeS } = this.made.find(
      (one) => one.method === 'modegpt' && one.ratio === ratio,
    ) as Variant;
    const { stepS, restS } = this.#costs;
    const steps = Math.max(1, Math.round((madeS - restS) / stepS));
    return this.#add('gptran', ratio, () => {
      const { point, weights } = blocksPruned(
        this.#whole.model,
        numbersIn(model),
        this.#task.kernels,
      );
      const options = { point, steps, learningRate: GPTRAN_RATE };
      const begin: TrainingContext['begin'] = (own) => {
        for (const { name, values } of own) values.set(weights.get(name) as Float32Array);
      };
      return this.#train(options, { begin });
    });
  }

  #train(
    options: object,
    own: Partial<Pick<TrainingContext, 'begin' | 'progress'>>,
  ): Promise<Model> {
    const trainer = lookUp(trainers, this.#network.kind, 'detector');
    const { series, seed, kernels, signal } = this.#task;
    return trainer.train(series.train, trainer.options.parse(options), {
      ...{ kernels, seed, signal, intervalMs: series.intervalMs, progress: () => undefined },
      ...own,
    });
  }
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
