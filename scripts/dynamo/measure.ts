// One policy on one series: trained once, calibrated anew, deployed as the daemon would.
import { DynamoDistances } from '../../src/detection/detectors/dynamo/distances.ts';
import { forecaster } from '../../src/detection/detectors/forecaster.ts';
import { forecasterDesign } from '../../src/detection/detectors/networks/forecast-design.ts';
import { readDesign, scoringDesign } from '../../src/detection/detectors/scoring/design.ts';
import { PathDetector } from '../../src/detection/detectors/scoring/detector.ts';
import { type PathPlugin, pathPlugin } from '../../src/detection/detectors/scoring/plugin.ts';
import { deploy } from '../../src/lab/deployment.ts';
import { vus } from '../../src/lab/evaluation/vus.ts';
import type { LabelledSeries } from '../../src/lab/labelled-series.ts';
import type { TrainingContext } from '../../src/lab/trainer.ts';
import { calibrate } from '../../src/lab/training/scoring/calibration.ts';
import { prepare } from '../../src/lab/training/scoring/data.ts';
import type { ScoringOptions } from '../../src/lab/training/scoring/options.ts';
import type { Model } from '../../src/models/model.ts';
import { EveryKth, type Policy } from './policies.ts';

export interface Measured {
  readonly policy: string;
  readonly setting: number;
  /** Rows a run of the encoder. */
  readonly rowsPerRun: number;
  readonly meanAccepted: number | undefined;
  readonly forcedReruns: number | undefined;
  /** Mean surprisal of a channel, nats; of densities it may be negative. Undefined without heads. */
  readonly nll: number | undefined;
  /** Seconds of a processor for all rows: windows, runs, heads, confidence, scores, alerts. */
  readonly processorS: number;
  readonly vusPr: number | undefined;
  readonly caught: number;
  /** Rows from the start of each segment to the first row above the level, by segment; undefined = not caught. */
  readonly delays: readonly (number | undefined)[];
}

export async function measure(
  series: LabelledSeries,
  trained: Model,
  policy: Policy,
  options: ScoringOptions,
  context: TrainingContext,
): Promise<Measured> {
  const plugin = pluginFor(policy);
  const design = designFor(trained, policy);
  const data = prepare(series.train, {
    intervalMs: series.intervalMs,
    heldBack: options.heldBack,
    shortest: design.rows,
  });
  const parts = { design: { forecaster: design }, tensors: trained.tensors };
  const calibrated = await calibrate(plugin, parts, data, options, context);
  const model = { ...trained, ...calibrated };
  const paths = plugin.paths(model, context.kernels);
  const distances = paths[0]?.distances;
  const detector = new PathDetector(model, readDesign(scoringDesign, model), paths);
  const before = process.cpuUsage();
  const { scores, deployed } = deploy(series, model, context.kernels, detector);
  const { user, system } = process.cpuUsage(before);
  const delays = series.segments.map(({ start, end }) => {
    const first = deployed?.anomalous.subarray(start, end).indexOf(1) ?? -1;
    return first < 0 ? undefined : first;
  });
  const counts = distances instanceof DynamoDistances ? distances.counts : undefined;
  const kth = distances instanceof EveryKth ? distances.counts : undefined;
  const { rows, inferences } = counts ?? kth ?? { rows: 1, inferences: 1 };
  return {
    policy: policy.name,
    setting: policy.setting,
    rowsPerRun: rows / inferences,
    meanAccepted: counts && counts.accepted / counts.inferences,
    forcedReruns: counts?.forcedReruns,
    nll: counts && counts.surprisal / counts.rows,
    processorS: (user + system) / 1e6,
    vusPr: vus(series.labels, scores)?.pr,
    caught: delays.filter((delay) => delay !== undefined).length,
    delays,
  };
}

function pluginFor({ every }: Policy): PathPlugin {
  if (every === 1) return forecaster;
  return pathPlugin({
    kind: forecaster.kind,
    summary: forecaster.summary,
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
