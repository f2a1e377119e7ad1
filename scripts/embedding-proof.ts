// Compares the embeddings of designs by how well regressors predict accuracies from them: each regressor is fitted to 40 or 80 designs
// that are drawn at random, and predicts all others. Writes embeddings.json and EMBEDDINGS.md into the folder of --out.
//   npx tsx scripts/embedding-proof.ts [--draws 20] [--out results/search]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lookUp } from '../src/core/registry.ts';
import { mean, median } from '../src/engine/statistics.ts';
import { families } from '../src/lab/search/families/index.ts';
import type { NetworkDesign } from '../src/models/network-family.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { embeddingPage } from './embedding-proof/page.ts';
import { learners, type Prediction, predicted } from './embedding-proof/predict.ts';
import { proofFamilies } from './search-proof/proof-training.ts';
import { readProof } from './search-proof/tables.ts';

const KNOWN = [40, 80];

const { values } = commandLine({
  options: {
    draws: { type: 'string', default: '20' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/search', import.meta.url)) },
  },
});
const draws = wholeNumber('draws', values.draws, 1);

/** Medians over the draws. */
export interface EmbeddingRow {
  readonly family: FamilyName;
  readonly target: string;
  readonly embedding: string;
  readonly coordinates: number;
  readonly learner: string;
  readonly known: number;
  readonly r2: number;
  readonly spearman: number;
}

type FamilyName = keyof typeof proofFamilies;

/** Designs of a proof space of which a training ended, with the means over the seeds that are predicted. */
function trainedOf(family: FamilyName) {
  const measured = readProof(family);
  const all = proofFamilies[family].designs().map(({ point }, i) => ({ point, ...measured[i] }));
  const trained = all.filter(({ vusPr = [] }) => vusPr.length > 0);
  return {
    points: trained.map(({ point }) => point),
    targets: {
      'VUS-PR': Float64Array.from(trained, ({ vusPr = [] }) => mean(vusPr)),
      'log loss': Float64Array.from(trained, ({ loss = [] }) => Math.log(mean(loss))),
    },
  };
}

function rowsOf(
  name: FamilyName,
  points: readonly NetworkDesign[],
  target: string,
  y: Float64Array,
): readonly EmbeddingRow[] {
  const family = lookUp(families, name, 'family');
  return [...family.embeddings.values()].flatMap(({ kind, embed }) => {
    const coordinates = embed(points, family.readSpace('proof'));
    return [...learners].flatMap(([learner, learn]) =>
      KNOWN.map((known) => {
        const found = Array.from({ length: draws }, (_, seed) =>
          predicted(coordinates, y, { learn, known, seed }),
        );
        const over = (read: (one: Prediction) => number) => median(found.map(read));
        return {
          ...{ family: name, target, embedding: kind, coordinates: coordinates.width },
          ...{
            learner,
            known,
            r2: over(({ r2 }) => r2),
            spearman: over(({ spearman }) => spearman),
          },
        };
      }),
    );
  });
}

const designs: Record<string, number> = {};
const rows = (['encoder', 'cnn'] as const).flatMap((family) => {
  const { points, targets } = trainedOf(family);
  designs[family] = points.length;
  return Object.entries(targets).flatMap(([target, y]) => rowsOf(family, points, target, y));
});
const command = `npx tsx scripts/embedding-proof.ts --draws ${draws}`;
writeFileSync(
  join(values.out, 'embeddings.json'),
  `${JSON.stringify({ command, designs, draws, rows }, undefined, 1)}\n`,
);
writeFileSync(join(values.out, 'EMBEDDINGS.md'), embeddingPage(command, designs, draws, rows));
