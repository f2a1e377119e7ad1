// What a run of a program tells.
import type { Unit } from './task.ts';

/** Why work had to wait; each cycle counts for each waiting item. AccelTran's seven counters. */
export const STALLS = [
  'data port busy',
  'mask port busy',
  'data buffer full',
  'mask buffer full',
  'store waits for its task',
  'no unit free',
  'operand not in buffer',
] as const;

/** Unit-cycles; the three of a kind of unit sum to its units times all cycles. */
export interface Use {
  readonly busy: number;
  /** Free while work for this kind waited. */
  readonly stalled: number;
  readonly idle: number;
}

export interface Span {
  readonly begin: number;
  readonly end: number;
}

export interface Move extends Span {
  readonly datum: number;
  readonly kind: 'load' | 'write back';
}

export interface Run {
  readonly cycles: number;
  /** In the order of the tasks. */
  readonly spans: readonly Span[];
  readonly moves: readonly Move[];
  readonly use: Readonly<Record<Unit, Use>>;
  /** Cycles of the port of the mask buffer. */
  readonly maskPortBusy: number;
  /** In the order of `STALLS`. */
  readonly stalls: readonly number[];
  /** Most bytes that were held at a time. */
  readonly held: Readonly<Record<'activation' | 'weight' | 'mask', number>>;
}
