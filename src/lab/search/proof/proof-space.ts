// The proof spaces: 812 small encoders and 1,200 convolutional networks that were all trained, and their measurements.
// scripts/proof-space.ts writes the files of the measurements.
import { z } from 'zod';
import { SourceError } from '../../../core/errors.ts';
import type { DesignPoint, Head, HeadName } from '../../../models/design-point.ts';
import { cnnKey } from '../cnn-space/cell-form.ts';
import { enumerateCnns } from '../cnn-space/enumerate.ts';
import { readCnnSpace } from '../cnn-space/space.ts';
import type { Candidates, Outcome } from '../contract.ts';
import { headNames, headOf } from '../design-space/design-key.ts';
import { type Embedding, learned } from '../design-space/embeddings.ts';
import { readSpace } from '../design-space/space.ts';
import { candidatesIn, candidatesOf } from '../families/index.ts';

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

const measured = {
  /** Like the other lists, one number for each seed whose training did not diverge; higher is better. */
  vusPr: perSeed,
  /** Loss of forecasts on rows held out of the training; lower is better. */
  loss: perSeed,
  /** CPU seconds. */
  trainS: perSeed,
  /** CPU microseconds to window, score and judge a row. */
  usPerRow: perSeed,
};

const layers = z.array(z.tuple([z.enum(headNames), z.int().positive(), z.int().positive()]));
const encoderDesign = z.strictObject({ layers, ...measured });
const cnnDesign = z.strictObject({ key: z.string(), ...measured });

const file = {
  command: z.string(),
  data: z.string(),
  settings: z.record(z.string(), z.union([z.number(), z.string()])),
  engine: z.strictObject({ version: z.string(), kernels: z.string(), build: z.string() }),
  seeds: z.array(z.int()),
};
const proofSpaceFile = z.strictObject({ ...file, designs: z.array(encoderDesign).min(1) });
const cnnProofFile = z.strictObject({ ...file, designs: z.array(cnnDesign).min(1) });

export type ProofSpace = z.infer<typeof proofSpaceFile>;
export type CnnProofSpace = z.infer<typeof cnnProofFile>;
type TrainedDesign = Pick<ProofSpace['designs'][number], keyof typeof measured>;

/** Throws `SourceError`, naming `name`, if the text is not a file of scripts/proof-space.ts. */
export function readProofSpace(text: string, name: string): ProofSpace {
  return readMeasured(proofSpaceFile, text, name);
}

/** Of convolutional networks, in the order in which their space lists them. Throws as `readProofSpace`. */
export function readCnnProofSpace(text: string, name: string): CnnProofSpace {
  const found = readMeasured(cnnProofFile, text, name);
  const listed = enumerateCnns(readCnnSpace('proof')).map(cnnKey);
  if (areListed(listed, found)) return found;
  throw new SourceError(
    `${name} has other networks than the proof space of cnns, or another order: write it again with scripts/proof-space.ts --family cnn`,
    { code: 'SEN_SRC_PROOF' },
  );
}

function areListed(keys: readonly string[], { designs }: CnnProofSpace): boolean {
  return keys.length === designs.length && designs.every(({ key }, i) => key === keys[i]);
}

function readMeasured<T>(schema: z.ZodType<T>, text: string, name: string): T {
  try {
    return schema.parse(JSON.parse(text));
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
    ...measuredTable(designs, worth),
    candidates: (embedding = learned) =>
      candidatesOf(
        designs.map((design) => pointOf(design.layers)),
        readSpace('proof'),
        embedding,
      ),
  };
}

/** As `designTable`. Of an embedding, the one of that kind that convolutional networks have. */
export function cnnTable({ designs }: CnnProofSpace, worth: Worth): ProofTable {
  const space = readCnnSpace('proof');
  return {
    name: `proof-cnn-${worth}`,
    ...measuredTable(designs, worth),
    candidates: ({ kind } = learned) => candidatesIn(space, enumerateCnns(space), kind),
  };
}

function measuredTable(
  designs: readonly TrainedDesign[],
  worth: Worth,
): Pick<ProofTable, 'unit' | 'outcomes'> {
  return {
    unit: worth === 'loss' ? 'forecast loss' : 'VUS-PR',
    outcomes: designs.map((design, candidate) => ({ candidate, values: worths[worth](design) })),
  };
}
