// Chooses the thresholds below which a model leaves activations out, from normal windows.
// Tuli and Jha 2023, "AccelTran: a sparsity-aware accelerator for dynamic inference with transformers" (DynaTran).
// Departs from it: thresholds come from histograms of this model, not from a table of runs; whole columns can be left out.
import { z } from 'zod';
import { CalibrationError, ConfigError } from '../../../core/errors.ts';
import { longestOf } from '../../../detectors/scoring/path.ts';
import type { TrainingData } from '../../../detectors/scoring/training/data.ts';
import {
  thinned,
  type WindowTable,
  windowTable,
} from '../../../detectors/scoring/training/window-table.ts';
import { eventLoopPause } from '../../../detectors/training/trainer.ts';
import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import { type ModelPruning, PRUNING_FORMS } from '../../../models/pruning.ts';
import type { Compressed, CompressedPart, CompressibleModel, Compression } from '../contract.ts';
import { LEAST_WINDOWS } from '../moments.ts';
import type { SizeHistogram } from './histogram.ts';
import {
  measure,
  type OperandProfile,
  PRUNABLE,
  profileOperands,
  prunable,
  type Quality,
} from './profile.ts';
import {
  type JudgedPruning,
  type Judging,
  mostWithin,
  PRICES,
  SHARES,
  thresholdsByCost,
  thresholdsFor,
} from './thresholds.ts';

export const dynatranOptions = z
  .strictObject({
    sparsity: z
      .number()
      .min(0)
      .max(0.99)
      .optional()
      .describe('Share of each operand that is left out'),
    floor: z
      .number()
      .min(0.01)
      .max(1)
      .optional()
      .describe(
        'Least error of the unpruned model over that of the pruned one on normal rows, instead of a sparsity',
      ),
    global: z
      .boolean()
      .default(false)
      .describe('One threshold for all operands, instead of the same share of each'),
    form: z
      .enum(PRUNING_FORMS)
      .default('elements')
      .describe(
        'What is left out: single elements, or whole columns of a window, which saves more time and costs more accuracy',
      ),
    allocation: z
      .enum(['uniform', 'sensitivity'])
      .default('uniform')
      .describe(
        'For a floor: the same share of each operand, or more of those that cost little accuracy for what they save',
      ),
    norms: z
      .boolean()
      .default(false)
      .describe('Whether outputs of norms and inputs of the network are pruned too'),
  })
  .refine(({ sparsity, floor }) => (sparsity === undefined) !== (floor === undefined), {
    message: 'give either sparsity or floor',
  })
  .refine(
    ({ floor, global, allocation }) => allocation === 'uniform' || (floor !== undefined && !global),
    {
      message: 'allocation=sensitivity finds shares for a floor: give floor, and leave global out',
    },
  );

export type DynatranOptions = z.infer<typeof dynatranOptions>;

/** Windows that are read for the histograms, and for each point of the search for the floor. */
const MOST_WINDOWS = { profiled: 512, judged: 256 };
/** Share of the fitted rows that the floor is judged on, its newest. */
const JUDGED = 0.25;
/** Sparsities that are tried for a floor. */
const STEPS = 40;

export const dynatran: Compression<DynatranOptions> = {
  kind: 'dynatran',
  summary: 'thresholds below which activations are left out of the products',
  options: dynatranOptions,
  detectors: [...PRUNABLE.keys()],

  /**
   * Deterministic; uses only the rows before the cut. Throws `ConfigError` for a kind without a network, `CalibrationError`
   * for too few windows or if no threshold keeps the floor, and the reason of the signal.
   */
  async compress(model, data, options, context): Promise<Compressed> {
    const dense = withPruning(model, {});
    const tables = tablesOf(dense, data, context.kernels);
    const reading = { kernels: context.kernels, pause: eventLoopPause(context.signal) };
    const all = await profileOperands(dense, { ...reading, table: tables.profiled });
    const pruned = all.filter(({ isActivation }) => isActivation || options.norms);
    const judge = (pruning: ModelPruning): Promise<Quality> =>
      measure(withPruning(model, pruning), { ...reading, table: tables.judged });
    const whole = await judge({});
    const chosen = await choose(pruned, options, { whole, judge, progress: context.progress });
    const { design, tensors } = withPruning(model, chosen.pruning);
    const { issued, skipped } = chosen.found.multiplications;
    return {
      design,
      tensors,
      report: {
        removed: 0,
        parts: pruned.map((profile) => partOf(profile, options.form, chosen.pruning)),
        untouched: all
          .filter((profile) => !pruned.includes(profile))
          .map(({ operand }) => `${operand.name} (made by a norm, or an input)`),
        pruned: {
          form: options.form,
          skipped: skipped / (issued + skipped),
          quality: whole.distance / chosen.found.distance,
        },
      },
    };
  },
};

/** The model with these thresholds instead of its own. Throws `ConfigError` for a kind without a network. */
export function withPruning<M extends CompressibleModel>(model: M, pruning: ModelPruning): M {
  const entry = PRUNABLE.get(model.kind);
  const network = entry && model.design[entry.key];
  if (!(entry && network && typeof network === 'object')) {
    throw new ConfigError(
      `model ${model.id} is a '${model.kind}' without a network that can be pruned: take one of ${[...PRUNABLE.keys()].join(', ')}`,
      { code: 'SEN_CFG_DESIGN' },
    );
  }
  return { ...model, design: { ...model.design, [entry.key]: { ...network, pruning } } };
}

function tablesOf(
  model: CompressibleModel,
  data: TrainingData,
  kernels: Kernels,
): Record<'profiled' | 'judged', WindowTable> {
  const { plugin, key } = prunable(model.kind);
  const length = longestOf(plugin.paths(model, kernels).filter(({ name }) => name === key));
  const turn = Math.floor(data.cut * (1 - JUDGED));
  const [profiled, judged] = [
    thinned(windowTable(data, length, [0, turn]), MOST_WINDOWS.profiled),
    thinned(windowTable(data, length, [turn, data.cut]), MOST_WINDOWS.judged),
  ];
  const count = Math.min(profiled.starts.length, judged.starts.length);
  if (count < LEAST_WINDOWS) {
    throw new CalibrationError(
      `'${data.series.id}' has ${count} unbroken windows of ${length} rows to set thresholds, at least ${LEAST_WINDOWS} are needed: record longer or without gaps`,
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  return { profiled, judged };
}

async function choose(
  profiles: readonly OperandProfile[],
  options: DynatranOptions,
  judging: Judging,
): Promise<JudgedPruning> {
  const { sparsity, floor = 0, allocation } = options;
  const { whole, judge, progress } = judging;
  if (sparsity !== undefined) {
    const pruning = thresholdsFor(profiles, sparsity, options);
    return { pruning, found: await judge(pruning) };
  }
  // Judgements are all that takes time.
  const alone = allocation === 'uniform' ? 0 : profiles.length * SHARES.length;
  const begun = alone / (alone + PRICES);
  const candidates =
    allocation === 'uniform'
      ? Array.from({ length: STEPS - 1 }, (_, i) =>
          thresholdsFor(profiles, (i + 1) / STEPS, options),
        )
      : await thresholdsByCost(profiles, options.form, {
          ...judging,
          progress: (fraction) => progress(fraction * begun),
        });
  const judged: JudgedPruning[] = [];
  for (const pruning of candidates) {
    judged.push({ pruning, found: await judge(pruning) });
    progress(begun + (1 - begun) * (judged.length / candidates.length));
  }
  return mostWithin(floor, whole, judged) ?? refuse(floor, whole, judged);
}

function refuse(floor: number, whole: Quality, judged: readonly JudgedPruning[]): never {
  const [best] = judged.map(({ found }) => found).toSorted((a, b) => a.distance - b.distance);
  const { issued = 1, skipped = 0 } = best?.multiplications ?? {};
  const kept = best ? whole.distance / best.distance : 1;
  throw new CalibrationError(
    `of ${judged.length} choices of thresholds the most accurate leaves out ${rounded((100 * skipped) / (issued + skipped))} % of the multiplications and keeps ${rounded(kept)} of the model's accuracy on normal rows, ${floor} is asked for: lower the floor, or leave the model as it is`,
    { code: 'SEN_CAL_PRUNING' },
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function partOf(
  { operand, ...profile }: OperandProfile,
  form: DynatranOptions['form'],
  pruning: ModelPruning,
): CompressedPart {
  const sizes: SizeHistogram = profile[form];
  const threshold = pruning[operand.name]?.threshold ?? -1;
  const width = operand.tensor.shape.at(-1) ?? 1;
  const before = form === 'columns' ? width : width * operand.rows;
  const after = before * (1 - sizes.shareBelow(threshold));
  return {
    name: operand.name,
    before,
    after: Math.round(10 * after) / 10,
    error: sizes.energyBelow(threshold),
  };
}
