// Masked reconstruction: parts of a window are hidden, and an encoder says what they should have been.
//
// Notation   B batch, T rows, C channels, p rows of a patch, P = T / p patches
import { lastRows } from '../../engine/ops/last-rows.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../engine/tape/tensor.ts';
import { encode } from '../../models/encoder.ts';
import { project } from '../../models/ops/project.ts';
import type { EncoderDesign } from './encoder-design.ts';

/** The prefix of its tensors. */
export const ENCODER = 'encoder';

export interface ReconstructionNetwork {
  readonly tape: Tape;
  /** (B, T, 2C): the values, 0 where they are hidden, and 1 where they are. */
  readonly input: Tensor;
  /** (B, T, C), or (B, p, C) of the newest patch alone. */
  readonly output: Tensor;
}

/** Training reads all patches, scoring only the newest; the weights are the same. */
export function reconstructionNetwork(
  design: Pick<EncoderDesign, 'point' | 'rows' | 'patch'>,
  width: number,
  { batch, patches }: { readonly batch: number; readonly patches: 'all' | 'newest' },
): ReconstructionNetwork {
  const { point, rows, patch } = design;
  const tape = new Tape();
  const input = tape.input([batch, rows, 2 * width]);
  const encoded = encode(tape, point, input, { patch });
  const read = patches === 'all' ? encoded : lastRows(tape, encoded, 1);
  const cells = project(tape, read, patch * width, 'reconstruction');
  const output = reshape(cells, [batch, patches === 'all' ? rows : patch, width]);
  return { tape, input, output };
}

/** Writes one sample of the network's input: x (T, C), and which of its cells are hidden. */
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
