// The tables of finished evaluations that there are.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Registry, registry } from '../../src/core/registry.ts';
import { readProofSpace } from '../../src/lab/search/proof/proof-space.ts';
import {
  designTable,
  type ProofTable,
  type Worth,
} from '../../src/lab/search/proof/proof-table.ts';
import type { PublishedCurve } from './result-file.ts';

export interface TableSource {
  readonly kind: string;
  /** The method that is ours on it. */
  readonly ours: string;
  /** Throws `SourceError` where its data are missing or broken. */
  open(): ProofTable;
  /** What others published of it. */
  published?(): readonly PublishedCurve[];
}

const PROOF_SPACE = fileURLToPath(
  new URL('../../results/search/proof-space.json', import.meta.url),
);

export const tables: Registry<TableSource> = registry(ofDesigns('loss'), ofDesigns('vus-pr'));

function ofDesigns(worth: Worth): TableSource {
  return {
    kind: `proof-${worth}`,
    ours: 'boshnas',
    open: () => designTable(readProofSpace(readFileSync(PROOF_SPACE, 'utf8'), PROOF_SPACE), worth),
  };
}
