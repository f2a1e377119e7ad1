// How the designs of the proof spaces are trained: what scripts/proof-space.ts does for all of them, each seed of a design one training.
import { vus } from '../../src/lab/evaluation/vus.ts';
import { type JudgeContext, perform } from '../../src/lab/judging/judge.ts';
import type { ProfiledNetwork } from '../../src/lab/profiler/network.ts';
import { cnnKey } from '../../src/lab/search/cnn-space/cell-form.ts';
import { enumerateCnns } from '../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../src/lab/search/cnn-space/space.ts';
import { readSpace } from '../../src/lab/search/design-space/space.ts';
import { pointOf, proofDesigns } from '../../src/lab/search/proof/proof-space.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';
import type { NetworkDesign } from '../../src/models/network-family.ts';

const TRAINING = { steps: 300, batch: 32, learningRate: 4e-3 };

export interface ProofFamily {
  readonly detector: string;
  readonly settings: Readonly<Record<string, number>>;
  /** What a seed and the place of a design make a training's seed with; more than there are designs. */
  readonly seedStride: number;
  readonly file: string;
  /** The order must not change: the place of a design is part of its seed. */
  readonly designs: () => readonly ProofDesign[];
}

export interface ProofDesign {
  /** As rows name it, JSON. */
  readonly design: unknown;
  readonly point: NetworkDesign;
  /** As the table names it. */
  readonly written: Readonly<Record<string, unknown>>;
}

export const proofFamilies: Readonly<Record<'encoder' | 'cnn', ProofFamily>> = {
  encoder: {
    detector: 'forecaster',
    settings: { rows: readSpace('proof').rows, patch: readSpace('proof').patch, ...TRAINING },
    seedStride: 1000,
    file: 'proof-space',
    designs: () =>
      proofDesigns().map((design) => ({
        design,
        point: pointOf(design),
        written: { layers: design },
      })),
  },
  cnn: {
    detector: 'cnn',
    settings: { rows: readCnnSpace('proof').rows, ...TRAINING },
    seedStride: 2000,
    file: 'proof-cnn',
    designs: () =>
      enumerateCnns(readCnnSpace('proof')).map((point) => ({
        design: cnnKey(point),
        point,
        written: { key: cnnKey(point) },
      })),
  },
};

/** The networks of a family for rows of so many channels, of which one row is forecast, in its order. */
export function proofNetworks(
  family: keyof typeof proofFamilies,
  width: number,
): readonly ProfiledNetwork[] {
  const { settings, designs } = proofFamilies[family];
  const { rows = 0, patch = 1 } = settings;
  return designs().map(({ point }) => ({ point, rows, patch, width, horizon: 1 }));
}

export interface ProofTraining {
  readonly vusPr: number;
  readonly loss: number;
  readonly trainS: number;
  readonly usPerRow: number;
}

/** Throws the errors of the trainer. */
export async function trainProof(
  { detector, settings }: ProofFamily,
  point: unknown,
  series: LabelledSeries,
  context: JudgeContext,
): Promise<ProofTraining> {
  const options = { point, ...settings };
  const contestant = { name: detector, kind: detector, options, seeded: true, looksAhead: false };
  const { scores, model, trainS, usPerRow } = await perform(contestant, series, context);
  const area = vus(series.labels, scores);
  const loss = model?.card.finalLosses[0];
  if (area === undefined || loss === undefined || trainS === undefined || usPerRow === undefined) {
    throw new RangeError(`${series.id} was judged without labels, model or times`);
  }
  return { vusPr: area.pr, loss, trainS, usPerRow };
}
