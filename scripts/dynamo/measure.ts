// One policy on one series: trained once, calibrated anew, deployed as the daemon would.

import { readDesign } from '../../src/detectors/detector-plugin.ts';
import { DynamoDistances } from '../../src/detectors/dynamo/distances.ts';
import { forecaster } from '../../src/detectors/forecaster/forecaster.ts';
import { forecasterDesign } from '../../src/detectors/networks/forecast.ts';
import { scoringDesign } from '../../src/detectors/scoring/design.ts';
import { PathDetector, type PathPlugin, pathPlugin } from '../../src/detectors/scoring/plugin.ts';
import { calibrate } from '../../src/detectors/scoring/training/calibration.ts';
import { prepare, type ScoringOptions } from '../../src/detectors/scoring/training/data.ts';
import type { TrainingContext } from '../../src/detectors/training/trainer.ts';
import { vus } from '../../src/lab/evaluation/vus.ts';
import { deploy } from '../../src/lab/judging/deployment.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';
import { countMarked } from '../../src/lab/series/segments.ts';
import type { Model } from '../../src/models/model.ts';
import type { Measured } from './point.ts';
import { EveryKth, type Policy } from './policies.ts';

export interface Timed extends Measured {
  /** Seconds of a processor for all rows: windows, runs, heads, confidence, scores, alerts. */
  readonly processorS: number;
}

export async function measure(
  series: LabelledSeries,
  trained: Model,
  policy: Policy,
  options: ScoringOptions,
  context: TrainingContext,
): Promise<Timed> {
  const { kernels } = context;
  const plugin = pluginFor(policy);
  const design = designFor(trained, policy);
  const needs = { heldBack: options.heldBack, shortest: design.rows };
  const data = prepare(series.train, needs, context);
  const parts = { design: { forecaster: design }, tensors: trained.tensors };
  const model = { ...trained, ...(await calibrate(plugin, parts, data, options, context)) };
  const paths = plugin.paths(model, kernels);
  const distances = paths[0]?.distances;
  const detector = new PathDetector(model, readDesign(scoringDesign, model), paths);
  const before = process.cpuUsage();
  const { scores, deployed } = deploy(series, model, kernels, { detector });
  const { user, system } = process.cpuUsage(before);
  const flagged = deployed?.anomalous ?? new Uint8Array(scores.length);
  const counts = distances instanceof DynamoDistances ? distances.counts : undefined;
  const kth = distances instanceof EveryKth ? distances.counts : undefined;
  const { rows, inferences } = counts ?? kth ?? { rows: 1, inferences: 1 };
  return {
    policy: policy.name,
    setting: policy.setting,
    rowsPerRun: rows / inferences,
    forcedReruns: counts?.forcedReruns ?? null,
    nll: counts ? counts.surprisal / counts.rows : null,
    vusPr: vus(series.labels, scores)?.pr ?? null,
    delays: series.segments.map(({ start, end }) => {
      const first = flagged.subarray(start, end).indexOf(1);
      return first < 0 ? null : first;
    }),
    falseRows: countMarked(flagged.map((flag, row) => (series.labels[row] === 0 ? flag : 0))),
    processorS: (user + system) / 1e6,
  };
}

function pluginFor({ every }: Policy): PathPlugin {
  if (every === 1) return forecaster;
  return pathPlugin({
    ...forecaster,
    paths: (model, kernels) =>
      forecaster
        .paths(model, kernels)
        .map((path) => ({ ...path, distances: new EveryKth(path.distances, every) })),
  });
}

function designFor(trained: Model, { change }: Policy) {
  const { dynamo, ...design } = readDesign(forecasterDesign, trained).forecaster;
  return dynamo && change ? { ...design, dynamo: change(dynamo) } : design;
}
