// An engine in double precision that counts what it multiplies.
import { plainTape } from '../../src/engine/kernels/plain/tape.ts';
import { countingEngine as counting } from '../../src/engine/tape/counting.ts';
import type { TapeEngine } from '../../src/engine/tape/kernels.ts';

export function countingEngine(): {
  readonly engine: TapeEngine<Float64Array>;
  /** Carried out; `all` has those that pruning leaves out too. */
  readonly macs: () => number;
  readonly all: () => number;
} {
  const counter = { issued: 0, skipped: 0 };
  return {
    engine: counting(plainTape(Float64Array), counter),
    macs: () => counter.issued,
    all: () => counter.issued + counter.skipped,
  };
}
