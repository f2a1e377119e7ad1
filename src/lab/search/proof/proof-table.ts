// Tables of finished evaluations that searches are judged on: here, the designs that were all trained.
import type { Candidates, Outcome } from '../contract.ts';
import { candidatesOf } from '../design-space/candidates.ts';
import type { Embedding } from '../design-space/embeddings/embedding.ts';
import { learned } from '../design-space/embeddings/learned.ts';
import { readSpace } from '../design-space/space.ts';
import { type ProofSpace, pointOf, type TrainedDesign } from './proof-space.ts';

export interface ProofTable<C extends Candidates = Candidates> {
  readonly name: string;
  /** What regret is measured in. */
  readonly unit: string;
  /** By number of the candidate. */
  readonly outcomes: readonly Outcome[];
  /** With coordinates of this embedding, or of the table's own. */
  candidates(embedding?: Embedding): C;
}

/** What a design is worth, once for each seed, higher is better. */
const worths = {
  loss: ({ loss }: TrainedDesign) => loss.map((each) => -each),
  'vus-pr': ({ vusPr }: TrainedDesign) => vusPr,
} as const;

export type Worth = keyof typeof worths;

/** All seeds of a design are told at once, so that a method knows their spread; their mean is the truth. */
export function designTable({ designs }: ProofSpace, worth: Worth): ProofTable {
  return {
    name: `proof-${worth}`,
    unit: worth === 'loss' ? 'forecast loss' : 'VUS-PR',
    outcomes: designs.map((design, candidate) => ({ candidate, values: worths[worth](design) })),
    candidates: (embedding = learned) =>
      candidatesOf(
        designs.map(({ layers }) => pointOf(layers)),
        readSpace('proof'),
        embedding,
      ),
  };
}
