// Ways to leave out a share of what a network multiplies: DynaTran's thresholds, and its rivals.
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { withPruning } from '../../src/lab/compression/dynatran/dynatran.ts';
import type { OperandProfile, Quality } from '../../src/lab/compression/dynatran/profile.ts';
import { thresholdsByCost, thresholdsFor } from '../../src/lab/compression/dynatran/thresholds.ts';
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
  /** How well the model does with such thresholds, on rows that set none. */
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

export type Method = (subject: Subject, share: number) => Variant | Promise<Variant>;

/** Of methods whose names begin so, the share is that of the accuracy on normal rows that is kept. */
export const BY_FLOOR = 'by cost';

/** Those that save no time multiply zeros: their accuracy is compared, not their speed. */
export const METHODS: Readonly<Record<string, Method>> = {
  'DynaTran, elements': thresholds('elements', false),
  'DynaTran, one threshold': thresholds('elements', true),
  'DynaTran, columns': thresholds('columns', false),
  'DynaTran, elements, norms too': thresholds('elements', false, true),
  'DynaTran, columns, norms too': thresholds('columns', false, true),
  'by cost, columns': byCost(false),
  'by cost, columns, norms too': byCost(true),
  'top-k of probabilities': ({ model, profiles, kernels }, share) => ({
    model: withPruning(model, shareOf(profiles, share, /\.probabilities$/)),
    kernels: topKernels(kernels),
  }),
  'top-k': ({ model, profiles, kernels }, share) => ({
    model: withPruning(model, shareOf(profiles, share)),
    kernels: topKernels(kernels),
  }),
  random: ({ model, profiles, kernels, seed }, share) => ({
    model: withPruning(model, shareOf(profiles, share)),
    kernels: randomKernels(kernels, seed),
  }),
  'small weights': ({ model, kernels, linearShare }, share) => ({
    model: withoutWeights(model, share),
    kernels,
    skipped: share * linearShare,
  }),
};

function thresholds(form: 'elements' | 'columns', global: boolean, norms = false): Method {
  return ({ model, profiles, everything, kernels: engine }, share) => {
    const pruned = norms ? everything : profiles;
    return {
      model: withPruning(model, thresholdsFor(pruned, share, { form, global })),
      kernels: engine,
      isFaster: true,
    };
  };
}

/** As `--floor` with `allocation=sensitivity`, for the columns of a window. */
function byCost(norms: boolean): Method {
  const known = new WeakMap<Subject, Promise<readonly Judged[]>>();
  return async (subject, floor) => {
    const offered = known.get(subject) ?? judgedOffers(subject, norms);
    known.set(subject, offered);
    const [whole, ...pruned] = await offered;
    const best = pruned
      .filter(({ quality }) => (whole?.quality.distance ?? 0) >= floor * quality.distance)
      .toSorted((a, b) => skippedBy(b) - skippedBy(a))
      .at(0);
    const model = withPruning(subject.model, best?.pruning ?? {});
    return { model, kernels: subject.kernels, isFaster: true };
  };
}

interface Judged {
  readonly pruning: ModelPruning;
  readonly quality: Quality;
}

const skippedBy = ({ quality }: Judged): number => quality.multiplications.skipped;

/** Nothing left out, and then more and more. */
async function judgedOffers(
  { profiles, everything, judge }: Subject,
  norms: boolean,
): Promise<readonly Judged[]> {
  const whole = await judge({});
  const judging = { whole, judge, progress: () => undefined };
  const offered = await thresholdsByCost(norms ? everything : profiles, 'columns', judging);
  const found: Judged[] = [{ pruning: {}, quality: whole }];
  for (const pruning of offered) found.push({ pruning, quality: await judge(pruning) });
  return found;
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
