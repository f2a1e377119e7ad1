// MoDeGPT of a convolutional network: how many channels of each group stay.
import type { Model } from '../../../models/model.ts';
import { type CnnNetwork, designWithCnn } from '../calibrated-networks.ts';
import type { Compressed, CompressionContext } from '../contract.ts';
import { inputMoments } from '../moments.ts';
import { keptColumns, MOST_REMOVED, type PartSize, sharesByError } from './allocation.ts';
import type { ChannelGroup } from './channel-groups.ts';
import {
  type NarrowedCnn,
  narrowChannels,
  requireGroups,
  sizeOf,
  type Tensors,
  tensorNamed,
} from './cnn-channels.ts';
import { withoutLast } from './encoder-layer.ts';
import { sensitivities } from './sensitivity.ts';

interface ChannelOptions {
  readonly ratio: number;
  readonly round: number;
  /** All groups lose alike, except by `sensitivity`. */
  readonly allocation: 'sensitivity' | 'influence' | 'uniform';
}

/** Throws `ConfigError` where no channels can be left out. */
export async function compressedCnn(
  network: CnnNetwork,
  { design, tensors }: Pick<Model, 'design' | 'tensors'>,
  { ratio, round, allocation }: ChannelOptions,
  context: CompressionContext,
): Promise<Compressed> {
  const { name, point } = network;
  const { groups, fixed } = requireGroups(point, name);
  const inputs = await inputMoments(network, tensors, context);
  const momentsOf = (weights: string) => withoutLast(inputs(weights));
  const lean = (kept: readonly number[]): NarrowedCnn =>
    narrowChannels({ point, tensors }, { groups, name }, kept, momentsOf);
  const sizes = groupSizes(groups, tensors, name);
  const errors =
    allocation === 'sensitivity'
      ? sensitivities({ network, tensors }, groups.length, ratio, context, (shares) =>
          lean(keptColumns(sizes, shares, 1)),
        )
      : undefined;
  const left = (kept: readonly number[]) => numbersLeft(groups, tensors, name, kept);
  const [all, none] = [left(groups.map(({ columns }) => columns)), left(groups.map(() => 0))];
  const { kept, removed } = closestTo(ratio, (share) => {
    const shares = errors ? sharesByError(sizes, errors, share) : groups.map(() => share);
    const tried = keptColumns(sizes, shares, round);
    return { kept: tried, removed: (all - left(tried)) / (all - none) };
  });
  const { point: narrow, tensors: narrowed, parts } = lean(kept);
  return {
    design: designWithCnn(design, narrow),
    tensors: narrowed,
    report: { removed, parts, untouched: fixed.map((one) => `${name}.${one}`) },
  };
}

/** Halvings of the share of channels: far finer than one of `LIMITS.channels`. */
const BISECTIONS = 20;

/**
 * What removes the share of the parameters that comes closest to the ratio. A share of the channels removes more than that share
 * of the parameters: weights between two groups lose rows to one and columns to the other.
 */
function closestTo<Tried extends { readonly removed: number }>(
  ratio: number,
  removing: (share: number) => Tried,
): Tried {
  let [low, high] = [0, MOST_REMOVED];
  let closest = removing(low);
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    const tried = removing(middle);
    if (Math.abs(tried.removed - ratio) < Math.abs(closest.removed - ratio)) closest = tried;
    if (tried.removed < ratio) low = middle;
    else high = middle;
  }
  return closest;
}

/** Fewest channels of a design. */
const LEAST_CHANNELS = 4;

/** The cost of a channel is that beside all others: it falls with each group that loses channels. */
function groupSizes(
  groups: readonly ChannelGroup[],
  tensors: Tensors,
  name: string,
): readonly PartSize[] {
  return groups.map(({ columns, makers, readers }) => ({
    ...{ columns, least: Math.min(LEAST_CHANNELS, columns) },
    cost: [...makers, ...readers].reduce((sum, { tensor, along, starts }) => {
      const whole = tensorNamed(tensors, `${name}.${tensor}`);
      return sum + (starts.length * whole.data.length) / sizeOf(whole)[along];
    }, 0),
  }));
}

/** Numbers of all tensors that make or read channels of the groups, when so many of each group are kept. */
export function numbersLeft(
  groups: readonly ChannelGroup[],
  tensors: Tensors,
  name: string,
  kept: readonly number[],
): number {
  const gone = new Map<string, { rows: number; columns: number }>();
  for (const [i, { columns, makers, readers }] of groups.entries()) {
    for (const { tensor, along, starts } of [...makers, ...readers]) {
      const own = gone.get(tensor) ?? { rows: 0, columns: 0 };
      own[along] += starts.length * (columns - (kept[i] as number));
      gone.set(tensor, own);
    }
  }
  return [...gone].reduce((sum, [tensor, { rows, columns }]) => {
    const whole = tensorNamed(tensors, `${name}.${tensor}`);
    const size = sizeOf(whole);
    const taps = whole.data.length / size.rows / size.columns;
    return sum + taps * (size.rows - rows) * (size.columns - columns);
  }, 0);
}
