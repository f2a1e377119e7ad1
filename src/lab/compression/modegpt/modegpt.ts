// MoDeGPT and its rivals that need no training either: narrows the encoder layers of a model part by part, or the channels of a
// convolutional network.
// Lin et al. 2024, "MoDeGPT: modular decomposition for large language model compression".
//
// Departs from the paper:
// - moments are those of the output of the norm that feeds the part, gain and bias included, since norms stand before the
//   halves of a layer here, and have biases;
// - the bias of values goes into that of the output: rows of attention sum to 1;
// - columns are rounded to what saves time, and the heads of a layer share theirs by strength;
// - unless told, each part loses its own share, by how much the output changes without it: queries and keys of these small
//   networks can be narrowed to a fifth where the first feed-forward layers can lose hardly anything.
import { z } from 'zod';
import type { DesignPoint } from '../../../models/design-point.ts';
import type { Model } from '../../../models/model.ts';
import {
  cnnNetwork,
  designWith,
  type EncoderNetwork,
  encoderNetworks,
} from '../calibrated-networks.ts';
import type { CompressedPart, Compression, CompressionContext } from '../contract.ts';
import { type NetworkMoments, networkMoments } from '../moments.ts';
import { keptColumns, MOST_REMOVED, removedShares, sharesByError } from './allocation.ts';
import { compressedCnn } from './cnn.ts';
import { type Narrowings, narrowLayer, numbersOfParts, partSizes } from './encoder-layer.ts';
import {
  byMagnitude,
  scoresByColumns,
  scoresBySingularValues,
  singularValuesOfWeights,
  valuesBySingularValues,
} from './factors.ts';
import { narrowFeed, narrowFeedByMagnitude } from './feed-forward.ts';
import { sensitivities } from './sensitivity.ts';

const sizes = {
  ratio: z
    .number()
    .min(0)
    .max(MOST_REMOVED)
    .describe(
      'Share of the parameters that is removed, of encoder layers, or of the channels that a convolutional network can spare',
    ),
  round: z
    .int()
    .min(1)
    .max(64)
    .default(16)
    .describe('Parts of more columns keep a multiple of this, which saves time; 1 = any number')
    .meta({ unit: 'columns' }),
};

const allocations = {
  allocation: z
    .enum(['sensitivity', 'influence', 'uniform'])
    .default('sensitivity')
    .describe(
      'Parts lose less if the output changes much without their columns (sensitivity); as published, all parts of a layer lose less if it turns its vectors much (influence; channels of a convolutional network lose alike then); or all lose alike (uniform)',
    ),
  temperature: z
    .number()
    .positive()
    .default(0.15)
    .describe('Of influence: greater ones make the layers lose more alike'),
};

const modegptOptions = z.strictObject({
  ...sizes,
  scores: z
    .enum(['svd', 'columns'])
    .default('svd')
    .describe(
      'How queries and keys are narrowed: at best, or by leaving out columns, as published',
    ),
  ...allocations,
});

const rivalOptions = z.strictObject({ ...sizes, ...allocations });

type ModularOptions = z.infer<typeof rivalOptions>;

export const modegpt = modular({
  kind: 'modegpt',
  summary: 'narrows heads and feed-forward layers by what normal windows show to be spare',
  options: modegptOptions,
  narrowings: ({ scores }) => ({
    feed: (moments, _, next, count) => narrowFeed(moments, next, count),
    scores: scores === 'svd' ? scoresBySingularValues : scoresByColumns,
    values: valuesBySingularValues,
  }),
  channels: true,
});

export const magnitude = modular({
  kind: 'magnitude',
  summary: 'leaves out the columns with the smallest weights',
  options: rivalOptions,
  narrowings: () => ({
    feed: (moments, before, next, count) => narrowFeedByMagnitude(moments, { before, next }, count),
    scores: byMagnitude('columns'),
    values: byMagnitude('rows'),
  }),
});

export const svd = modular({
  kind: 'svd',
  summary: 'approximates the products of weights alone, feed-forward layers as magnitude does',
  options: rivalOptions,
  narrowings: () => ({
    feed: (moments, before, next, count) => narrowFeedByMagnitude(moments, { before, next }, count),
    scores: singularValuesOfWeights(scoresBySingularValues),
    values: singularValuesOfWeights(valuesBySingularValues),
  }),
});

function modular<Options extends ModularOptions>({
  narrowings,
  channels: hasChannels = false,
  ...method
}: Pick<Compression<Options>, 'kind' | 'summary' | 'options'> & {
  readonly narrowings: (options: Options) => Narrowings;
  /** Whether it narrows convolutional networks, too. */
  readonly channels?: boolean;
}): Compression<Options> {
  return {
    ...method,
    detectors: ['forecaster', 'encoder', 'ensemble'],
    ...(hasChannels && { someDesignsOf: ['cnn'] }),
    async compress({ kind, channels, design, tensors }, data, options, context) {
      const cnn = cnnNetwork({ channels, design }, data);
      if (cnn) return compressedCnn(cnn, { design, tensors }, options, context);
      const networks = encoderNetworks({ kind, channels, design }, data);
      let compressed = { design, tensors, parts: [] as readonly CompressedPart[] };
      const numbers = { before: 0, after: 0 };
      for (const network of networks) {
        const moments = await networkMoments(network, tensors, context);
        const setup = { network, moments, narrowings: narrowings(options) };
        const shares = sharesOf(setup, tensors, options, context);
        const lean = narrowed(setup, compressed.tensors, shares, options.round);
        compressed = {
          design: designWith(compressed.design, network, lean.point),
          tensors: lean.tensors,
          parts: [...compressed.parts, ...lean.parts],
        };
        numbers.before += numbersIn(network.point);
        numbers.after += numbersIn(lean.point);
      }
      const { parts, ...model } = compressed;
      const removed = 1 - numbers.after / numbers.before;
      return { ...model, report: { removed, parts, untouched: untouchedOf(networks, design) } };
    },
  };
}

interface Setup {
  readonly network: EncoderNetwork;
  readonly moments: NetworkMoments;
  readonly narrowings: Narrowings;
}

interface NarrowedNetwork {
  readonly point: DesignPoint;
  readonly tensors: Model['tensors'];
  readonly parts: readonly CompressedPart[];
}

/** Of all parts that can be narrowed. */
function numbersIn({ layers }: DesignPoint): number {
  return layers.reduce((sum, layer) => sum + numbersOfParts(layer), 0);
}

/** `shares` of the columns of each part are removed, layer after layer. */
function narrowed(
  { network, moments, narrowings }: Setup,
  tensors: Model['tensors'],
  shares: readonly number[],
  round: number,
): NarrowedNetwork {
  const { name, point } = network;
  const sizes = point.layers.map(partSizes);
  const kept = keptColumns(sizes.flat(), shares, round);
  let from = 0;
  return point.layers.reduce<NarrowedNetwork>(
    (lean, layer, l) => {
      const counts = kept.slice(from, from + (sizes[l] as readonly unknown[]).length);
      from += counts.length;
      const place = { network: name, number: l + 1 };
      const next = narrowLayer(
        { layer, tensors: lean.tensors },
        place,
        counts,
        moments,
        narrowings,
      );
      return {
        point: { ...lean.point, layers: lean.point.layers.with(l, next.layer) },
        tensors: next.tensors,
        parts: [...lean.parts, ...next.parts],
      };
    },
    { point, tensors, parts: [] },
  );
}

/** Of each part, layer after layer. */
function sharesOf(
  setup: Setup,
  tensors: Model['tensors'],
  { ratio, allocation, temperature }: ModularOptions,
  context: CompressionContext,
): readonly number[] {
  const { network, moments } = setup;
  const sizes = network.point.layers.map(partSizes);
  const parts = sizes.flat();
  switch (allocation) {
    case 'uniform':
      return parts.map(() => ratio);
    case 'influence': {
      const shares = removedShares(moments.influence, ratio, temperature);
      return sizes.flatMap((own, l) => own.map(() => shares[l] as number));
    }
    case 'sensitivity': {
      const errors = sensitivities({ network, tensors }, parts.length, ratio, context, (alone) =>
        narrowed(setup, tensors, alone, 1),
      );
      return sharesByError(parts, errors, ratio);
    }
  }
}

function untouchedOf(networks: readonly EncoderNetwork[], design: Model['design']): string[] {
  const heads = networks.flatMap(({ name, point }) =>
    point.layers.flatMap(({ heads }, l) =>
      heads
        .filter(({ op }) => op !== 'attention')
        .map(({ op }) => `${name}.layer${l + 1}: a head of ${op}`),
    ),
  );
  const others = Object.keys(design).filter((key) => key === 'gon');
  return [...new Set(heads), ...others];
}
