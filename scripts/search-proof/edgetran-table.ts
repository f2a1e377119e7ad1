// The pairs of EdgeTran as a table: the exact optimum is known, since all of them were measured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataRoots } from '../../src/app/evaluate/data-roots.ts';
import { deviceCandidates } from '../../src/app/search/device-candidates.ts';
import { SourceError } from '../../src/core/errors.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import { candidatesOf } from '../../src/lab/search/design-space/candidates.ts';
import { learned } from '../../src/lab/search/design-space/embeddings/learned.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import {
  flexibertSpace,
  readMeasuredPairs,
  readPublished,
} from '../../src/lab/search/proof/edgetran.ts';
import type { ProofTable } from '../../src/lab/search/proof/proof-table.ts';
import type { PublishedCurve } from './result-file.ts';

export function edgetranTable(): ProofTable<PairCandidates> {
  const { points, devices, pairs } = readMeasuredPairs(read('pairs.json'), 'pairs.json');
  return {
    name: 'edgetran',
    unit: 'performance',
    outcomes: pairs.map(({ performance }, candidate) => ({ candidate, values: [performance] })),
    candidates: (embedding = learned) =>
      pairsOf(
        candidatesOf(points, flexibertSpace, embedding),
        deviceCandidates(devices.length),
        pairs.map(({ network, device }) => [network, device] as const),
      ),
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
