// MoDeGPT of a convolutional network: how many channels of each group stay.
import type { Model } from '../../../models/model.ts';
import { type CnnNetwork, designWithCnn } from '../calibrated-networks.ts';
import type { Compressed, CompressionContext } from '../contract.ts';
import { inputMoments } from '../moments.ts';
import { keptColumns, removedShares } from './allocation.ts';
import { channelGroups } from './channel-groups.ts';
import { groupSizes, type NarrowedCnn, narrowChannels, requireGroups } from './cnn-channels.ts';
import { withoutLast } from './encoder-layer.ts';
import { inParts, outputError } from './sensitivity.ts';

interface ChannelOptions {
  readonly ratio: number;
  readonly round: number;
  /** All groups lose alike, except by `sensitivity`. */
  readonly allocation: 'influence' | 'sensitivity' | 'uniform';
  readonly temperature: number;
}

/** Throws `ConfigError` where no channels can be left out. */
export async function compressedCnn(
  network: CnnNetwork,
  { design, tensors }: Pick<Model, 'design' | 'tensors'>,
  { ratio, round, allocation, temperature }: ChannelOptions,
  context: CompressionContext,
): Promise<Compressed> {
  const { name, point } = network;
  const groups = requireGroups(point, name);
  const inputs = await inputMoments(network, tensors, context);
  const momentsOf = (weights: string) => withoutLast(inputs(weights));
  const lean = (kept: readonly number[]): NarrowedCnn =>
    narrowChannels({ point, tensors }, { groups, name }, kept, momentsOf);
  const sizesFor = (shares: readonly number[]) => groupSizes(groups, tensors, name, shares);
  const share = (importance: readonly number[]) => removedShares(importance, ratio, temperature);
  const even = groups.map(() => 0);
  const shares =
    allocation === 'sensitivity'
      ? share(
          inParts(
            even.map((_, group) => {
              const alone = keptColumns(sizesFor(even.with(group, ratio)), 1);
              return outputError(network, tensors, lean(alone), context);
            }),
          ),
        )
      : share(even);
  const sizes = sizesFor(shares);
  const kept = keptColumns(sizes, round);
  const { point: narrow, tensors: left, parts } = lean(kept);
  const [all, stays] = [sizes.map(({ columns }) => columns), kept].map((columns) =>
    columns.reduce((sum, count, i) => sum + count * (sizes[i]?.cost ?? 0), 0),
  ) as [number, number];
  const untouched = channelGroups(point).fixed.map((one) => `${name}.${one}`);
  return {
    design: designWithCnn(design, narrow),
    tensors: left,
    report: { removed: 1 - stays / all, parts, untouched },
  };
}
