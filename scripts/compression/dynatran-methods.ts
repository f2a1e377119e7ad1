// Ways to leave out a share of what a network multiplies: DynaTran's thresholds, and its rivals.
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { withPruning } from '../../src/lab/compression/dynatran/dynatran.ts';
import type { OperandProfile, Quality } from '../../src/lab/compression/dynatran/profile.ts';
import {
  type JudgedPruning,
  mostWithin,
  thresholdsByCost,
  thresholdsFor,
} from '../../src/lab/compression/dynatran/thresholds.ts';
import type { Model } from '../../src/models/model.ts';
import type { ModelPruning } from '../../src/models/pruning.ts';
import { prunedWeights, randomKernels, topKernels } from './dynatran-rivals.ts';

/** Everything that a method needs to make a pruned model. */
export interface Subject {
  readonly model: Model;
  /** Of the activations that products read. */
  readonly profiles: readonly OperandProfile[];
  /** With the outputs of norms, and the input. */
  readonly everything: readonly OperandProfile[];
  readonly kernels: Kernels;
  /** How well the model does with such thresholds, on the newest of the rows that set them; errors are of rows behind these. */
  readonly judge: (pruning: ModelPruning) => Promise<Quality>;
  readonly seed: number;
  /** Share of the multiplications that have weights; those of attention have none. */
  readonly linearShare: number;
}

export interface Variant {
  readonly model: Model;
  readonly kernels: Kernels;
  /** Share of the multiplications that is left out where the counter does not see it. */
  readonly skipped?: number;
  /** Whether what is left out takes no time. */
  readonly isFaster?: boolean;
}

type Make = (subject: Subject, share: number) => Variant | Promise<Variant>;

export interface Method {
  readonly make: Make;
  /** Where the share is that of the accuracy on normal rows that is kept, not that of what is left out. */
  readonly by?: 'floor';
}

/** Those that save no time multiply zeros: their accuracy is compared, not their speed. */
export const METHODS: Readonly<Record<string, Method>> = {
  'DynaTran, elements': { make: thresholds('elements', false) },
  'DynaTran, one threshold': { make: thresholds('elements', true) },
  'DynaTran, columns': { make: thresholds('columns', false) },
  'DynaTran, elements, norms too': { make: thresholds('elements', false, true) },
  'DynaTran, columns, norms too': { make: thresholds('columns', false, true) },
  'by cost, columns': { by: 'floor', make: byCost(false) },
  'by cost, columns, norms too': { by: 'floor', make: byCost(true) },
  'top-k of probabilities': {
    make: ({ model, profiles, kernels }, share) => ({
      model: withPruning(model, shareOf(profiles, share, /\.probabilities$/)),
      kernels: topKernels(kernels),
    }),
  },
  'top-k': {
    make: ({ model, profiles, kernels }, share) => ({
      model: withPruning(model, shareOf(profiles, share)),
      kernels: topKernels(kernels),
    }),
  },
  random: {
    make: ({ model, profiles, kernels, seed }, share) => ({
      model: withPruning(model, shareOf(profiles, share)),
      kernels: randomKernels(kernels, seed),
    }),
  },
  'small weights': {
    make: ({ model, kernels, linearShare }, share) => ({
      model: withoutWeights(model, share),
      kernels,
      skipped: share * linearShare,
    }),
  },
};

function thresholds(form: 'elements' | 'columns', global: boolean, norms = false): Make {
  return ({ model, profiles, everything, kernels: engine }, share) => {
    const pruned = norms ? everything : profiles;
    return {
      model: withPruning(model, thresholdsFor(pruned, share, { form, global })),
      kernels: engine,
      isFaster: true,
    };
  };
}

/**
 * As `--floor` with `allocation=sensitivity`, for the columns of a window; the model as it is where nothing keeps the floor. What is
 * offered is judged once for all floors.
 */
function byCost(norms: boolean): Make {
  const known = new WeakMap<Subject, Promise<Offered>>();
  return async (subject, floor) => {
    const offered = known.get(subject) ?? judgedOffers(subject, norms);
    known.set(subject, offered);
    const { whole, judged } = await offered;
    const best = mostWithin(floor, whole, judged);
    const model = withPruning(subject.model, best?.pruning ?? {});
    return { model, kernels: subject.kernels, isFaster: true };
  };
}

interface Offered {
  readonly whole: Quality;
  readonly judged: readonly JudgedPruning[];
}

async function judgedOffers(
  { profiles, everything, judge }: Subject,
  norms: boolean,
): Promise<Offered> {
  const whole = await judge({});
  const judging = { whole, judge, progress: () => undefined };
  const judged: JudgedPruning[] = [];
  for (const pruning of await thresholdsByCost(norms ? everything : profiles, 'columns', judging)) {
    judged.push({ pruning, found: await judge(pruning) });
  }
  return { whole, judged };
}

/** Share of the multiplications that have weights. */
export function linearShareOf(profiles: readonly OperandProfile[]): number {
  const macs = profiles.map(({ operand: { name, tensor, columns } }) => ({
    isLinear: !/\.(queries|probabilities)$/.test(name),
    macs: tensor.size * columns,
  }));
  const sum = (of: typeof macs) => of.reduce((all, each) => all + each.macs, 0);
  return sum(macs.filter(({ isLinear }) => isLinear)) / sum(macs);
}

/** The share itself as the threshold: what the rivals' kernels read. */
function shareOf(profiles: readonly OperandProfile[], share: number, names = /./): ModelPruning {
  const chosen = profiles.map(({ operand }) => operand.name).filter((name) => names.test(name));
  return Object.fromEntries(chosen.map((name) => [name, { form: 'elements', threshold: share }]));
}

/** Without the smallest weights of each matrix. */
function withoutWeights(model: Model, share: number): Model {
  const tensors = Object.entries(model.tensors).map(([name, tensor]) => [
    name,
    name.endsWith('.weights') ? prunedWeights(tensor, share) : tensor,
  ]);
  return { ...model, tensors: Object.fromEntries(tensors) };
}
