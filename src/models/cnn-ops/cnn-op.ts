import type { Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';
import type { Operation } from './operation.ts';

/** What a vertex of a cell does with the rows of a window. */
export interface CnnOp<O extends Operation = Operation> {
  readonly kind: O['op'];
  /** Whether a norm and the cell's activation follow. */
  readonly activated: boolean;
  /** x (B, R, c) to the same shape; no row sees what follows it. Its weights go on the tape, named `<name>.…`. */
  apply(tape: Tape, x: Tensor, operation: O, name: string): Tensor;
  /** Rows from the oldest that a row sees to itself. */
  span(operation: O): number;
  /** Multiplications of one window of R rows and c channels; taps before the first row are none. */
  macs(rows: number, channels: number, operation: O): number;
}
