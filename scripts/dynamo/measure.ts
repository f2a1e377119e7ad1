// One policy on one series: trained once, and deployed as the daemon would, with the scales and the level of a run a row.
import { DynamoDistances } from '../../src/detection/detectors/dynamo/distances.ts';
import { forecaster } from '../../src/detection/detectors/forecaster.ts';
import { forecasterDesign } from '../../src/detection/detectors/networks/forecast-design.ts';
import { readDesign, scoringDesign } from '../../src/detection/detectors/scoring/design.ts';
import { PathDetector } from '../../src/detection/detectors/scoring/detector.ts';
import type { ScoringPath } from '../../src/detection/detectors/scoring/path.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { deploy } from '../../src/lab/deployment.ts';
import { vus } from '../../src/lab/evaluation/vus.ts';
import type { LabelledSeries } from '../../src/lab/labelled-series.ts';
import { countMarked } from '../../src/lab/segments.ts';
import type { Model } from '../../src/models/model.ts';
import type { Measured } from './point.ts';
import { EveryKth, type Policy } from './policies.ts';

export interface Timed extends Measured {
  /** Seconds of a processor for all rows: windows, runs, heads, confidence, scores, alerts. */
  readonly processorS: number;
}

export function measure(
  series: LabelledSeries,
  trained: Model,
  policy: Policy,
  kernels: Kernels,
): Timed {
  const model = withPolicy(trained, policy);
  const [path] = forecaster.paths(model, kernels) as [ScoringPath];
  const kth = policy.every > 1 ? new EveryKth(path.distances, policy.every) : undefined;
  const paths = [{ ...path, distances: kth ?? path.distances }];
  const detector = new PathDetector(model, readDesign(scoringDesign, model), paths);
  const before = process.cpuUsage();
  const { scores, deployed } = deploy(series, model, kernels, detector);
  const { user, system } = process.cpuUsage(before);
  const flagged = deployed?.anomalous ?? new Uint8Array(scores.length);
  const counts = path.distances instanceof DynamoDistances ? path.distances.counts : undefined;
  const { rows, inferences } = counts ?? kth?.counts ?? { rows: 1, inferences: 1 };
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

function withPolicy(trained: Model, { change }: Policy): Model {
  const { dynamo, ...base } = readDesign(forecasterDesign, trained).forecaster;
  const design = dynamo && change ? { ...base, dynamo: change(dynamo) } : base;
  return { ...trained, design: { ...trained.design, forecaster: design } };
}
