// The proof space: 812 encoders small enough that each one was really trained, and what came of it. The file of the
// measurements is written by scripts/proof-space.ts.
import { z } from 'zod';
import { SourceError } from '../../../core/errors.ts';
import type { DesignPoint, Head, HeadName } from '../../../models/design-point.ts';
import { headNames, headOf } from '../design-space/heads.ts';

/** Name of its heads' operation, number of heads, width. */
export type ProofLayer = readonly [op: HeadName, heads: number, hidden: number];

const FEED_FORWARD = 32;

/** One layer and two: 28 + 28^2. Their order is part of the proof: the place of a design is part of its seed. */
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
  /** Of each seed whose training did not diverge, as are the others; higher is better. */
  vusPr: perSeed,
  /** Of forecasts on rows held out of the training; lower is better. */
  loss: perSeed,
  /** Seconds of a processor. */
  trainS: perSeed,
  /** Microseconds of a processor to window, score and judge a row. */
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
export type TrainedDesign = z.infer<typeof trainedDesign>;

/** Throws `SourceError`, naming `name`, for anything but a file of scripts/proof-space.ts. */
export function readProofSpace(text: string, name: string): ProofSpace {
  try {
    return proofSpaceFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceError(
      `${name} holds no measured proof space: restore it, or write it again with scripts/proof-space.ts`,
      { cause },
    );
  }
}
