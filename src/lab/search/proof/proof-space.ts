// The proof space: 812 small encoders that were all trained, and their measurements. scripts/proof-space.ts writes the file
// of the measurements.
import { z } from 'zod';
import { SourceError } from '../../../core/errors.ts';
import type { DesignPoint, Head, HeadName } from '../../../models/design-point.ts';
import type { Candidates, Outcome } from '../contract.ts';
import { headNames, headOf } from '../design-space/design-key.ts';
import { type Embedding, learned } from '../design-space/embeddings.ts';
import { readSpace } from '../design-space/space.ts';
import { candidatesOf } from '../families/index.ts';

/** Operation of the heads, number of heads, width. */
export type ProofLayer = readonly [op: HeadName, heads: number, hidden: number];

const FEED_FORWARD = 32;

/** All designs of one and two layers: 28 + 28^2. The order must not change: the index of a design is part of its seed. */
export function proofDesigns(): readonly (readonly ProofLayer[])[] {
  const layers = headNames.flatMap((op) =>
    [1, 2].flatMap((heads) => [16, 32].map((hidden): ProofLayer => [op, heads, hidden])),
  );
  return [
    ...layers.map((layer) => [layer]),
    ...layers.flatMap((first) => layers.map((second) => [first, second])),
  ];
}

export function pointOf(layers: readonly ProofLayer[]): DesignPoint {
  return {
    layers: layers.map(([op, count, hidden]) => ({
      hidden,
      heads: new Array<Head>(count).fill(headOf(op)),
      feedForward: [FEED_FORWARD],
    })),
  };
}

const perSeed = z.array(z.number()).readonly();

const trainedDesign = z.strictObject({
  layers: z.array(z.tuple([z.enum(headNames), z.int().positive(), z.int().positive()])),
  /** Like the other lists, one number for each seed whose training did not diverge; higher is better. */
  vusPr: perSeed,
  /** Loss of forecasts on rows held out of the training; lower is better. */
  loss: perSeed,
  /** CPU seconds. */
  trainS: perSeed,
  /** CPU microseconds to window, score and judge a row. */
  usPerRow: perSeed,
});

const proofSpaceFile = z.strictObject({
  command: z.string(),
  data: z.string(),
  settings: z.record(z.string(), z.union([z.number(), z.string()])),
  engine: z.strictObject({ version: z.string(), kernels: z.string(), build: z.string() }),
  seeds: z.array(z.int()),
  designs: z.array(trainedDesign).min(1),
});

export type ProofSpace = z.infer<typeof proofSpaceFile>;
type TrainedDesign = z.infer<typeof trainedDesign>;

/** Throws `SourceError`, naming `name`, if the text is not a file of scripts/proof-space.ts. */
export function readProofSpace(text: string, name: string): ProofSpace {
  try {
    return proofSpaceFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceError(
      `${name} is not a measured proof space: restore it, or write it again with scripts/proof-space.ts`,
      { code: 'SEN_SRC_PROOF', cause },
    );
  }
}

/** A table of finished evaluations, on which searches are judged. */
export interface ProofTable<C extends Candidates = Candidates> {
  readonly name: string;
  /** Unit of regret. */
  readonly unit: string;
  /** Indexed by candidate. */
  readonly outcomes: readonly Outcome[];
  /** With coordinates of this embedding; default: the table's own. */
  candidates(embedding?: Embedding): C;
}

/** Objectives of a design, one value for each seed, higher is better. */
const worths = {
  loss: ({ loss }: TrainedDesign) => loss.map((each) => -each),
  'vus-pr': ({ vusPr }: TrainedDesign) => vusPr,
} as const;

export type Worth = keyof typeof worths;

/** An outcome holds all seeds of a design, so that a method knows their spread; their mean is the true value. */
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
