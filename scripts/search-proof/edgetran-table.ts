// The pairs of EdgeTran as a table: the exact optimum is known, since all of them were measured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataRoots } from '../../src/app/cli/data-sets.ts';
import { deviceCandidates } from '../../src/app/search/library.ts';
import { SourceError } from '../../src/core/errors.ts';
import type { Points } from '../../src/engine/regression/regressor.ts';
import { standardDeviation } from '../../src/engine/statistics.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import type { Embedding } from '../../src/lab/search/design-space/embeddings.ts';
import { authors } from '../../src/lab/search/design-space/embeddings.ts';
import { candidatesOf } from '../../src/lab/search/families/index.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import {
  flexibertSpace,
  readMeasuredPairs,
  readPublished,
} from '../../src/lab/search/proof/edgetran.ts';
import type { ProofTable } from '../../src/lab/search/proof/proof-space.ts';
import { nearestOf } from '../../src/lab/search/proof/signal.ts';
import type { PublishedCurve } from './result-file.ts';

/** Networks that a step leads to; of the space itself no two of the 686 are one step apart. */
const NEIGHBOURS = 10;

/** As `authors`, each coordinate in standard deviations: theirs range from 12 to 21,805. */
export const standardised: Embedding = {
  kind: 'authors-standardised',
  summary: authors.summary,
  embed: (points, space) => inDeviations(authors.embed(points, space)),
};

export function edgetranTable(): ProofTable<PairCandidates> {
  const { points, devices, pairs } = readMeasuredPairs(read('pairs.json'), 'pairs.json');
  return {
    name: 'edgetran',
    unit: 'performance',
    outcomes: pairs.map(({ performance }, candidate) => ({ candidate, values: [performance] })),
    candidates: (embedding = standardised) => {
      const designs = candidatesOf(points, flexibertSpace, embedding);
      const networks = { ...designs, neighbours: nearestOf(designs.coordinates, NEIGHBOURS) };
      return pairsOf(
        networks,
        deviceCandidates(devices.length),
        pairs.map(({ network, device }) => [network, device] as const),
      );
    },
  };
}

/** Regret against the best pair of the table, whose performance is `best`. */
export function publishedCurves(best: number): readonly PublishedCurve[] {
  const name = 'published-search-results.json';
  return readPublished(read(name), name).map(({ improvements, ...search }) => ({
    ...search,
    improvements: improvements.map(([evaluation, cost]) => [evaluation, best - (1 - cost)]),
  }));
}

function read(name: string): string {
  const [root] = dataRoots(undefined);
  const path = join(root, 'edgetran', name);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SourceError(
      `${path} cannot be read: set SENTIGON_DATASETS to the folder of data sets`,
      {
        cause,
      },
    );
  }
}

function inDeviations({ values, width }: Points): Points {
  const scaled = values.slice();
  for (let k = 0; k < width; k++) {
    const deviation = standardDeviation(values.filter((_, i) => i % width === k)) || 1;
    for (let i = k; i < scaled.length; i += width) scaled[i] = (values[i] as number) / deviation;
  }
  return { values: scaled, width };
}
