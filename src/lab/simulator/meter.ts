// Units of a running program: how many are free, and what became of each of their cycles.
import { STALLS, type Use } from './run.ts';
import { type Program, UNITS, type Unit } from './task.ts';

/** Place of each reason in `STALLS`. */
export const REASONS = {
  dataPort: 0,
  maskPort: 1,
  dataFull: 2,
  maskFull: 3,
  taskRuns: 4,
  noUnit: 5,
  operand: 6,
} as const;

export class Meter {
  readonly free: Record<Unit, number>;
  readonly stalls = new Float64Array(STALLS.length);
  /** Tasks that have begun and whose result is not there yet. */
  storesPending = 0;
  readonly #units: Program['units'];
  readonly #use: Record<Unit, { -readonly [Part in keyof Use]: number }>;
  readonly #waiting = new Set<Unit>();
  readonly #stallsNow = new Int32Array(STALLS.length);

  constructor(units: Program['units']) {
    this.#units = units;
    this.free = { ...units };
    const unused = () => ({ busy: 0, stalled: 0, idle: 0 });
    this.#use = {
      ...{ lane: unused(), softmax: unused(), norm: unused() },
      ...{ memory: unused(), store: unused() },
    };
  }

  get use(): Readonly<Record<Unit, Use>> {
    return this.#use;
  }

  /** Nothing waits as yet. */
  clear(): void {
    this.#waiting.clear();
    this.#stallsNow.fill(0);
  }

  /** An item for the unit waits until `clear`. */
  stall(reason: number, unit: Unit): void {
    this.#stallsNow[reason] = (this.#stallsNow[reason] as number) + 1;
    this.#waiting.add(unit);
  }

  pass(cycles: number): void {
    for (const unit of UNITS) {
      const [free, use] = [this.free[unit], this.#use[unit]];
      use.busy += (this.#units[unit] - free) * cycles;
      use[this.#waiting.has(unit) ? 'stalled' : 'idle'] += free * cycles;
    }
    this.#stallsNow[REASONS.taskRuns] = this.storesPending;
    for (let s = 0; s < STALLS.length; s += 1) {
      this.stalls[s] = (this.stalls[s] as number) + (this.#stallsNow[s] as number) * cycles;
    }
  }
}
