// What coordinates of a design tell of it: each embedding of the proof space under the same regressors, which know 40 or 80
// designs and predict all others, over draws of what they know. Writes results/search/embeddings.json and EMBEDDINGS.md.
//   npx tsx scripts/embedding-proof.ts [--draws 20] [--out results/search]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mean, median } from '../src/engine/statistics.ts';
import { embeddings } from '../src/lab/search/design-space/embeddings.ts';
import { readSpace } from '../src/lab/search/design-space/space.ts';
import { pointOf, readProofSpace } from '../src/lab/search/proof/proof-space.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { embeddingPage } from './embedding-proof/page.ts';
import { learners, type Prediction, predicted } from './embedding-proof/predict.ts';

const KNOWN = [40, 80];

const { values } = commandLine({
  options: {
    draws: { type: 'string', default: '20' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/search', import.meta.url)) },
  },
});
const draws = wholeNumber('draws', values.draws, 1);
const path = join(values.out, 'proof-space.json');
const { designs } = readProofSpace(readFileSync(path, 'utf8'), path);
const trained = designs.filter(({ vusPr }) => vusPr.length > 0);
const points = trained.map(({ layers }) => pointOf(layers));
const targets = {
  'VUS-PR': Float64Array.from(trained, ({ vusPr }) => mean(vusPr)),
  'log loss': Float64Array.from(trained, ({ loss }) => Math.log(mean(loss))),
};

/** Medians over the draws. */
export interface EmbeddingRow {
  readonly target: string;
  readonly embedding: string;
  readonly coordinates: number;
  readonly learner: string;
  readonly known: number;
  readonly r2: number;
  readonly spearman: number;
}

function rowsOf(target: string, y: Float64Array): readonly EmbeddingRow[] {
  return [...embeddings.values()].flatMap(({ kind, embed }) => {
    const coordinates = embed(points, readSpace('proof'));
    return [...learners].flatMap(([learner, learn]) =>
      KNOWN.map((known) => {
        const found = Array.from({ length: draws }, (_, seed) =>
          predicted(coordinates, y, { learn, known, seed }),
        );
        const over = (read: (one: Prediction) => number) => median(found.map(read));
        return {
          ...{ target, embedding: kind, coordinates: coordinates.width, learner, known },
          r2: over(({ r2 }) => r2),
          spearman: over(({ spearman }) => spearman),
        };
      }),
    );
  });
}

const rows = Object.entries(targets).flatMap(([target, y]) => rowsOf(target, y));
const command = `npx tsx scripts/embedding-proof.ts --draws ${draws}`;
writeFileSync(
  join(values.out, 'embeddings.json'),
  `${JSON.stringify({ command, designs: points.length, draws, rows }, undefined, 1)}\n`,
);
writeFileSync(
  join(values.out, 'EMBEDDINGS.md'),
  embeddingPage(command, points.length, draws, rows),
);
