// Models that `sentigon evaluate --models` keeps: a change of the alert decision is judged without training again.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../io/files/written-file.ts';
import { contestantOf } from '../../lab/judging/contestants.ts';
import type { Trained } from '../../lab/judging/judge.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import { readModel, writeDurably, writeModel } from '../models/model-folder.ts';
import { type Job, settingsKey } from './job.ts';

/** What is kept beside a model. */
interface Cost {
  readonly trainS: number;
  /** Peak of the process that trained it. */
  readonly rssMb: number;
}

export interface KeptModel {
  /** The model that is kept, or that of `train`, which is then kept. */
  reuse(train: () => Promise<Trained>): Promise<Trained>;
  /** Peak memory so far, MB, of this process or of the one that trained the model. */
  rssMb(): number;
}

/** Without a folder nothing is kept. Contestants that are trained alike share a model. Throws `StoreError` or `WeightsError`. */
export function keptModel(job: Job, seed: number, truth: LabelledSeries): KeptModel {
  const { models: folder, dataset, series } = job;
  let cost: Cost | undefined;
  const rssMb = (): number => Math.max(cost?.rssMb ?? 0, process.resourceUsage().maxRSS / 1024);
  if (folder === undefined) return { reuse: (train) => train(), rssMb };
  const { trainedAs: detector = job.detector } = contestantOf(job.detector);
  const settings = settingsKey({ ...job, detector }, truth);
  const parts = [dataset, series, detector, seed, settings.slice(0, 16)];
  const path = join(folder, parts.join('_').replace(/[^\w.=-]+/g, '-'));
  const [modelPath, costPath] = [`${path}.safetensors`, `${path}.json`];
  return {
    async reuse(train) {
      if (existsSync(costPath)) {
        cost = JSON.parse(readFileSync(costPath, 'utf8')) as Cost; // our own file
        return { model: await readModel(modelPath), trainS: cost.trainS };
      }
      const trained = await train();
      makeFolder(folder);
      await writeModel(modelPath, trained.model);
      cost = { trainS: trained.trainS, rssMb: rssMb() };
      await writeDurably(costPath, Buffer.from(JSON.stringify(cost))); // last: the model is complete
      return trained;
    },
    rssMb,
  };
}
