import type { Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';
import type { Head } from '../design-point.ts';

/** Where a group of equal heads stands in its layer. */
export interface HeadPlace {
  /** n, heads of the group. */
  readonly count: number;
  /** d, columns of each. */
  readonly width: number;
  /** The prefix of the group's weights. */
  readonly name: string;
}

/** What mixes the rows of a window; heads of one kind that lie side by side are one call. */
export interface EncoderOp<H extends Head = Head> {
  readonly kind: H['op'];
  /** x (B, P, h) to (B, P, n*d); its weights go on the tape. */
  mix(tape: Tape, x: Tensor, head: H, place: HeadPlace): Tensor;
  /** Multiplications of one window of P rows and h columns. */
  macs(rows: number, hidden: number, head: H, place: Pick<HeadPlace, 'count' | 'width'>): number;
}
