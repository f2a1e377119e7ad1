// Evaluates a network: trains it once for each seed, and judges it on rows outside its training.
import type { z } from 'zod';
import { CalibrationError } from '../../core/errors.ts';
import { parseOptions } from '../../core/registry.ts';
import { forecaster, forecasterDesignOf } from '../../detectors/forecaster/train.ts';
import { encoderBody, forecastNetwork } from '../../detectors/networks/forecast.ts';
import { requireFittable } from '../../detectors/networks/training/fit-network.ts';
import { rowsOf } from '../../detectors/networks/training/train-forecast.ts';
import { prepare } from '../../detectors/scoring/training/data.ts';
import { TRAINER_VERSION } from '../../detectors/training/training-card.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { encoderMacs } from '../../models/encoder.ts';
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
  const options = parseOptions(forecaster.options, { ...asked, point: design }, 'the forecaster');
  const judged = judgedOf(data);
  requireJudgeable(judged.labelled, options);
  const network = networkOf(options, judged.labelled);
  const remembered = cache && outcomesOf(options, data, cache);
  const outcomes: SeedOutcome[] = [];
  for (const [i, seed] of seeds.entries()) {
    signal.throwIfAborted();
    const tell = ({ fraction }: { readonly fraction: number }): void =>
      progress?.((i + fraction) / seeds.length);
    let outcome = remembered?.read(seed);
    if (!outcome) {
      outcome = await outcomeOf(judged, options, { kernels, signal, seed, progress: tell });
      remembered?.write(outcome);
    }
    tell({ fraction: 1 });
    outcomes.push(outcome);
    if ('failure' in outcome) break;
  }
  const values = outcomes.flatMap((outcome) => ('value' in outcome ? outcome.value : []));
  return { values: values.length === seeds.length ? values : [], outcomes, ...network };
}

type Options = z.infer<typeof forecaster.options>;

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
  options: Options,
  { train }: LabelledSeries,
): Pick<CandidateResult, 'macs' | 'parameters'> {
  const width = train.channels.length;
  const { point, patch, rows, horizon } = forecasterDesignOf(options);
  const { tape, stem } = forecastNetwork(
    encoderBody({ point, patch }),
    { rows, horizon },
    width,
    1,
  );
  return {
    macs: encoderMacs(point, { rows, width, patch }) + stem.size * horizon * width,
    parameters: tape.parameters.reduce((sum, { size }) => sum + size, 0),
  };
}
