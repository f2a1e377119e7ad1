// After a search: trains the chosen network fully, judges it on data that judged no candidate, and measures it.
import type { TrainingProgress } from '../../detectors/training/trainer.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { vus } from '../../lab/evaluation/metrics.ts';
import { deploy } from '../../lab/judging/deployment.ts';
import { familyOfSpace } from '../../lab/search/families/index.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import { trainInWorker } from '../../lab/training.ts';
import type { Model } from '../../models/model.ts';
import type { NetworkDesign } from '../../models/network-family.ts';
import type { SearchData } from './search-data.ts';
import type { SearchSettings } from './settings.ts';

export interface ChosenContext {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** The model file's content. Rejects with the trainer's own `KnownError`, or the signal's reason. */
export function trainChosen(
  design: NetworkDesign,
  { space, training, detector, finalSteps, seed }: SearchSettings,
  { train, intervalMs }: SearchData,
  { signal, onProgress }: ChosenContext,
): Promise<Model> {
  const shape = familyOfSpace(space).trainingOf(space);
  const network = { ...training, point: design, ...shape, steps: finalSteps };
  const options = detector === 'ensemble' ? { forecaster: network } : network;
  const context = { seed, intervalMs, signal, ...(onProgress && { onProgress }) };
  return trainInWorker(detector, train, options, context);
}

/** Undefined where nothing is labelled. */
export function heldOutVusPr(
  model: Model,
  heldOut: LabelledSeries,
  kernels: Kernels,
): number | undefined {
  return vus(heldOut.labels, deploy(heldOut, model, kernels).scores)?.pr;
}
