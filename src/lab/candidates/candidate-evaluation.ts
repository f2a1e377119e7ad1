// Evaluates a network: trains it once for each seed, and judges it on rows outside its training.
import { CalibrationError } from '../../core/errors.ts';
import { lookUp, parseOptions, type Registry, registry } from '../../core/registry.ts';
import { cnn } from '../../detectors/cnn/train.ts';
import { forecaster } from '../../detectors/forecaster/train.ts';
import { bodyOf, forecastNetwork } from '../../detectors/networks/forecast.ts';
import { requireFittable } from '../../detectors/networks/training/fit-network.ts';
import type { ForecastNetworkOptions } from '../../detectors/networks/training/options.ts';
import { rowsOf } from '../../detectors/networks/training/train-forecast.ts';
import { prepare, type ScoringOptions } from '../../detectors/scoring/training/data.ts';
import type { Trainer } from '../../detectors/training/trainer.ts';
import { TRAINER_VERSION } from '../../detectors/training/training-card.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { familyOf, type NetworkDesign } from '../../models/network-family.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import { countMarked } from '../series/segments.ts';
import type { OutcomeCache } from './cache.ts';
import { type Judged, outcomeOf } from './candidate-outcome.ts';
import type { CandidateData, CandidateResult, CandidateTask, SeedOutcome } from './contract.ts';
import { contentKey, dataKey } from './outcome-key.ts';
import { plantFaults } from './planted-faults.ts';

export interface EvaluationContext {
  readonly kernels: Kernels;
  readonly signal: AbortSignal;
  /** Absent: each seed is trained. */
  readonly cache?: OutcomeCache;
  /** Progress of all trainings, 0 to 1. */
  readonly progress?: (fraction: number) => void;
}

/**
 * Trains and judges once for each seed that is not in the cache. If a training diverges, or the engine lacks the memory for a
 * network, the candidate is infeasible and later seeds are not tried. The same task and engine give the same values. Throws
 * `ConfigError` for an invalid design or options, `CalibrationError` for data on which no network can be trained or judged,
 * and the signal's reason.
 */
export async function evaluateCandidate(
  { design, options: asked, data, seeds }: CandidateTask,
  { kernels, signal, cache, progress }: EvaluationContext,
): Promise<CandidateResult> {
  const trainer = lookUp(trainers, familyOf(design).detector, 'detector of networks');
  const options = parseOptions(trainer.options, { ...asked, point: design }, `the ${trainer.kind}`);
  const judged = judgedOf(data);
  requireJudgeable(judged.labelled, options);
  const network = networkOf(design, options, judged.labelled);
  const remembered = cache && outcomesOf(options, data, cache);
  const outcomes: SeedOutcome[] = [];
  for (const [i, seed] of seeds.entries()) {
    signal.throwIfAborted();
    const tell = ({ fraction }: { readonly fraction: number }): void =>
      progress?.((i + fraction) / seeds.length);
    let outcome = remembered?.read(seed);
    if (!outcome) {
      outcome = await outcomeOf(
        judged,
        { kind: trainer.kind, options },
        { kernels, signal, seed, progress: tell },
      );
      remembered?.write(outcome);
    }
    tell({ fraction: 1 });
    outcomes.push(outcome);
    if ('failure' in outcome) break;
  }
  const values = outcomes.flatMap((outcome) => ('value' in outcome ? outcome.value : []));
  return { values: values.length === seeds.length ? values : [], outcomes, ...network };
}

/** Those of all families have these options. */
type Options = ForecastNetworkOptions & ScoringOptions & { readonly patch?: number };

/** Of the detectors of the families. */
const trainers: Registry<Trainer<Options>> = registry<Trainer<Options>>(
  forecaster as Trainer<Options>,
  cnn as Trainer<Options>,
);

/** Outcomes of one candidate, by seed. */
function outcomesOf(options: Options, data: CandidateData, { edition, read, write }: OutcomeCache) {
  const known = { trainer: TRAINER_VERSION, edition, data: dataKey(data), options };
  const keyOf = (seed: number): string => contentKey({ ...known, seed });
  return {
    read: (seed: number) => read(keyOf(seed)),
    write: (outcome: SeedOutcome) => write(keyOf(outcome.seed), outcome),
  };
}

function judgedOf(data: CandidateData): Judged {
  switch (data.kind) {
    case 'labelled':
      return { labelled: data.series };
    case 'recording':
      return plantFaults(data.series, data.intervalMs);
  }
}

/** Throws for data that cannot judge any network. */
function requireJudgeable(
  { id, train, labels, intervalMs }: LabelledSeries,
  options: Options,
): void {
  const rows = rowsOf(options);
  const { heldBack } = options;
  requireFittable(prepare(train, { heldBack, shortest: rows }, { intervalMs }), rows);
  const marked = countMarked(labels);
  if (marked > 0 && marked < labels.length) return;
  throw new CalibrationError(
    `'${id}' has ${marked} anomalous rows of ${labels.length}, judging needs rows of both kinds: use another series or part`,
    { code: 'SEN_CAL_LABELS' },
  );
}

/** Throws `ConfigError` for a design that does not fit the windows. */
function networkOf(
  point: NetworkDesign,
  { rows, horizon, patch = 1 }: Options,
  { train }: LabelledSeries,
): Pick<CandidateResult, 'macs' | 'parameters'> {
  const width = train.channels.length;
  const { tape, stem } = forecastNetwork(bodyOf({ point, patch }), { rows, horizon }, width, 1);
  const { operations, others } = familyOf(point).work(point, { rows, width, patch });
  const body = [...operations.values()].reduce((sum, macs) => sum + macs, others);
  return {
    macs: body + stem.size * horizon * width,
    parameters: tape.parameters.reduce((sum, { size }) => sum + size, 0),
  };
}
