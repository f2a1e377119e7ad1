// The design of an `encoder` model.
import { z } from 'zod';
import { lastRows } from '../../engine/ops/columns.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../engine/tape/tensor.ts';
import { designPointSchema } from '../../models/design-point.ts';
import { encode } from '../../models/encoder.ts';
import { project } from '../../models/layers.ts';
import { pruningSchema, requireOperands, trainingSharesSchema } from '../../models/pruning.ts';
import { normalisation } from '../normalisation.ts';
import { halfLives } from '../scoring/design.ts';

export const encoderDesign = z.object({
  encoder: z.object({
    point: designPointSchema,
    /** T, rows of a window. */
    rows: z.int().positive(),
    /** p, rows of a patch; divides T. */
    patch: z.int().positive(),
    /** G, passes per window: each hides the newest patch of a different group of the channels. */
    groups: z.int().positive(),
    normalisation,
    halfLives,
    /** What the network leaves out of its products. */
    pruning: pruningSchema.optional(),
    /** Shares that its training multiplied, if it left some out. */
    trained: trainingSharesSchema.optional(),
  }),
});

export type EncoderDesign = z.infer<typeof encoderDesign>['encoder'];

// Masked reconstruction: parts of a window are hidden, and an encoder reconstructs them.
//
// Notation   B batch, T rows, C channels, p rows of a patch, P = T / p patches

/** Prefix of its tensor names. */
export const ENCODER = 'encoder';

interface ReconstructionNetwork {
  readonly tape: Tape;
  /** (B, T, 2C): the values, with 0 for hidden ones; then the mask, with 1 for hidden ones. */
  readonly input: Tensor;
  /** (B, T, C), or (B, p, C) for only the newest patch. */
  readonly output: Tensor;
}

/** Training uses all patches, scoring only the newest; both use the same weights. */
export function reconstructionNetwork(
  design: Pick<EncoderDesign, 'point' | 'rows' | 'patch' | 'pruning'>,
  width: number,
  { batch, patches }: { readonly batch: number; readonly patches: 'all' | 'newest' },
): ReconstructionNetwork {
  const { point, rows, patch, pruning } = design;
  const tape = new Tape({ pruning });
  const input = tape.input([batch, rows, 2 * width]);
  const encoded = encode(tape, point, input, { patch });
  const read = patches === 'all' ? encoded : lastRows(tape, encoded, 1);
  const cells = project(tape, read, patch * width, 'reconstruction');
  requireOperands(tape);
  const output = reshape(cells, [batch, patches === 'all' ? rows : patch, width]);
  return { tape, input, output };
}

/** Writes one input sample, (T, 2C), from x (T, C). */
export function writeHidden(
  into: Float32Array,
  x: Float32Array,
  width: number,
  isHidden: (row: number, channel: number) => boolean,
): void {
  const rows = x.length / width;
  for (let t = 0; t < rows; t += 1) {
    for (let c = 0; c < width; c += 1) {
      const hidden = isHidden(t, c);
      const at = t * 2 * width + c;
      into[at] = hidden ? 0 : (x[t * width + c] as number);
      into[at + width] = hidden ? 1 : 0;
    }
  }
}
