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
import { type Judging, thresholdsByCost, thresholdsFor } from './thresholds.ts';

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
/** Share of the time for a floor that goes into what each operand costs. */
const MEASURING = 0.8;

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

interface Chosen {
  readonly pruning: ModelPruning;
  readonly found: Quality;
}

async function choose(
  profiles: readonly OperandProfile[],
  options: DynatranOptions,
  judging: Judging,
): Promise<Chosen> {
  const { sparsity, floor = 0 } = options;
  const { whole, judge, progress } = judging;
  if (sparsity !== undefined) {
    const pruning = thresholdsFor(profiles, sparsity, options);
    return { pruning, found: await judge(pruning) };
  }
  const { prunings, begun, least } = await offersFor(profiles, options, judging);
  let best: Chosen | undefined;
  for (const [i, pruning] of prunings.entries()) {
    const found = await judge(pruning);
    const keeps = whole.distance >= floor * found.distance;
    if (keeps && found.multiplications.skipped >= (best?.found.multiplications.skipped ?? 0)) {
      best = { pruning, found };
    }
    progress(begun + (1 - begun) * ((i + 1) / prunings.length));
  }
  if (best) return best;
  throw new CalibrationError(
    `leaving out ${least} keeps less than ${floor} of the model's accuracy on normal rows: lower the floor, or leave the model as it is`,
    { code: 'SEN_CAL_PRUNING' },
  );
}

interface Offers {
  /** To be judged. */
  readonly prunings: readonly ModelPruning[];
  /** Share of the work that is done by then. */
  readonly begun: number;
  /** What the first of them leaves out. */
  readonly least: string;
}

async function offersFor(
  profiles: readonly OperandProfile[],
  options: DynatranOptions,
  judging: Judging,
): Promise<Offers> {
  if (options.allocation === 'sensitivity') {
    const progress = (fraction: number): void => judging.progress(MEASURING * fraction);
    const prunings = await thresholdsByCost(profiles, options.form, { ...judging, progress });
    return { prunings, begun: MEASURING, least: 'what costs least' };
  }
  const prunings = Array.from({ length: STEPS - 1 }, (_, i) =>
    thresholdsFor(profiles, (i + 1) / STEPS, options),
  );
  return { prunings, begun: 0, least: `${100 / STEPS} % of the activations` };
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
