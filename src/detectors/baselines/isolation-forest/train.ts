import { z } from 'zod';
import { createRandom, type Random } from '../../../engine/random.ts';
import type { Trainer, TrainingContext } from '../../training/trainer.ts';
import {
  baselineTrainer,
  type Learnt,
  type NormalWindows,
  windowRows,
} from '../training/baseline-trainer.ts';
import { isolationForest, meanPathLength } from './score.ts';

const options = z.strictObject({
  windowLength: windowRows,
  trees: z.int().min(1).max(1000).default(100).describe('Trees of the forest'),
  sample: z.int().min(2).max(4096).default(256).describe('Training windows per tree'),
  features: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Share of the cells that a tree may use for cuts')
    .meta({ unit: 'share' }),
});
type IsolationForestOptions = z.infer<typeof options>;

/** The forest as lists, in the detector's format. */
interface Forest {
  readonly feature: number[];
  readonly threshold: number[];
  readonly right: number[];
  readonly size: number[];
}

/** Grows random trees from small samples; defaults are those of Liu et al. 2008. */
export const isolationForestTrainer: Trainer<IsolationForestOptions> = baselineTrainer({
  detector: isolationForest,
  options,
  scaler: 'standard',
  windowLength: ({ windowLength }) => windowLength,
  learn,
});

function learn(
  { windows }: NormalWindows,
  { trees, sample: wanted, features: share }: IsolationForestOptions,
  { seed }: TrainingContext,
): Learnt {
  const random = createRandom(seed);
  const sample = Math.min(wanted, windows.length);
  const cells = windows[0]?.length ?? 0;
  const forest: Forest = { feature: [], threshold: [], right: [], size: [] };
  const roots: number[] = [];
  for (let tree = 0; tree < trees; tree++) {
    roots.push(forest.feature.length);
    const some = drawn(windows, sample, random);
    const allowed = drawn(
      Array.from({ length: cells }, (_, i) => i),
      Math.ceil(share * cells),
      random,
    );
    grow(forest, some, allowed, { depth: 0, limit: Math.ceil(Math.log2(sample)) }, random);
  }
  const shape = [forest.feature.length];
  const tensor = (data: number[]) => ({ shape, data: Float32Array.from(data) });
  return {
    design: { roots, nodes: forest.feature.length, sample },
    tensors: {
      feature: tensor(forest.feature),
      threshold: tensor(forest.threshold),
      right: tensor(forest.right),
      size: tensor(forest.size),
    },
  };
}

/** Appends the subtree of these windows, parents before children, left before right. */
function grow(
  forest: Forest,
  windows: readonly Float32Array[],
  allowed: readonly number[],
  { depth, limit }: { depth: number; limit: number },
  random: Random,
): void {
  const node = forest.feature.length;
  const cut = depth < limit && windows.length > 1 ? drawCut(windows, allowed, random) : undefined;
  forest.feature.push(cut?.cell ?? -1);
  forest.threshold.push(cut?.value ?? depth + meanPathLength(windows.length));
  forest.right.push(0);
  forest.size.push(windows.length);
  if (!cut) return;
  const isLeft = (window: Float32Array): boolean => (window[cut.cell] as number) <= cut.value;
  const below = { depth: depth + 1, limit };
  grow(forest, windows.filter(isLeft), allowed, below, random);
  forest.right[node] = forest.feature.length;
  grow(
    forest,
    windows.filter((window) => !isLeft(window)),
    allowed,
    below,
    random,
  );
}

/** A random value between the extremes of a cell that varies; undefined if none does. */
function drawCut(
  windows: readonly Float32Array[],
  allowed: readonly number[],
  random: Random,
): { cell: number; value: number } | undefined {
  const cells = allowed.slice();
  random.shuffle(cells);
  for (const cell of cells) {
    let low = Infinity;
    let high = -Infinity;
    for (const window of windows) {
      low = Math.min(low, window[cell] as number);
      high = Math.max(high, window[cell] as number);
    }
    if (low === high) continue;
    // Rounded, because the detector compares with float32; kept below the maximum, so that both sides have windows.
    const value = Math.fround(low + random.uniform() * (high - low));
    return { cell, value: value < high ? value : low };
  }
  return undefined;
}

/** `count` different items. */
function drawn<T>(items: readonly T[], count: number, random: Random): readonly T[] {
  if (count >= items.length) return items;
  const order = items.slice();
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(order.length - i);
    const kept = order[i] as T;
    order[i] = order[j] as T;
    order[j] = kept;
  }
  return order.slice(0, count);
}
