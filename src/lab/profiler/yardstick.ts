// A piece of work that is always the same: what it takes now tells whether other work slows this machine.
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import { median } from '../../engine/statistics.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { initialiseNetwork, project } from '../../models/layers.ts';

export interface Yardstick {
  /** What the work takes now, seconds. */
  now(): number;
  /** The least that it has taken so far. */
  readonly leastS: number;
}

/** Of the work: some 10 us each on a PC. */
const ROWS = 16;
const COLUMNS = 64;

/** A look takes a hundredth of a slice of `timed`; the collector slows a few of its runs at most. */
const RUNS = 15;

const SEED = 1;

/** Looked at again and again, for the machine at its fastest may be seen at any of them. */
export function createYardstick(kernels: Kernels): Yardstick {
  const tape = new Tape();
  const output = project(tape, tape.input([1, ROWS, COLUMNS]), COLUMNS, 'work');
  const program = kernels.compile(tape, { outputs: [output] });
  initialiseNetwork(program.parameters, createRandom(SEED));
  return yardstickOf(program.forward);
}

export function yardstickOf(work: () => void): Yardstick {
  let leastS = Number.POSITIVE_INFINITY;
  return {
    now() {
      const tookS = median(Array.from({ length: RUNS }, () => secondsOf(work)));
      leastS = Math.min(leastS, tookS);
      return tookS;
    },
    get leastS() {
      return leastS;
    },
  };
}

function secondsOf(work: () => void): number {
  const beforeMs = performance.now();
  work();
  return (performance.now() - beforeMs) / 1000;
}
