// The ways to save runs of a forecaster that are compared.
import type { DynamoDesign } from '../../src/detectors/dynamo/design.ts';
import type { Distances } from '../../src/detectors/scoring/path.ts';

export interface Policy {
  /** `dynamo`, `fixed n, unguarded`, `top-1` or `every k-th row`; `plain` is a run a row. */
  readonly name: string;
  /** What is varied along its curve: eps_b, or k. */
  readonly setting: number;
  /** On the design of the heads; undefined = no heads. */
  readonly change: ((design: DynamoDesign) => DynamoDesign) | undefined;
  /** A run at every so many rows; 1 = each. */
  readonly every: number;
}

/** No row is more surprising. */
const UNGUARDED = 1e9;

export function policiesFor({ spread, heads }: DynamoDesign, step: number): readonly Policy[] {
  const count = Math.round(1 / step);
  const grid = Array.from({ length: count + 1 }, (_, i) => Number((i / count).toFixed(4)));
  const headed = (name: string, epsB: number, change: Partial<DynamoDesign> = {}): Policy => ({
    name,
    setting: epsB,
    change: (design) => ({ ...design, epsB, ...change }),
    every: 1,
  });
  const guards = Array.from({ length: heads }, () => ({ greatest: UNGUARDED, mean: UNGUARDED }));
  return [
    { name: 'plain', setting: 1, change: undefined, every: 1 },
    ...grid.filter((epsB) => epsB < 1).map((epsB) => headed('dynamo', epsB)),
    headed('fixed n, unguarded', 0, { guards }),
    ...(spread.variant === 'tokens'
      ? grid
          .filter((epsB) => epsB > 0 && epsB < 1)
          .map((epsB) => headed('top-1', epsB, { spread: { ...spread, confidence: 'top' } }))
      : []),
    ...[2, 3].map((every) => ({
      name: 'every k-th row',
      setting: every,
      change: undefined,
      every,
    })),
  ];
}

/** The honest cheap one: measures every k-th row, and says of the others what it said last. */
export class EveryKth implements Distances {
  readonly #inner: Distances;
  readonly #every: number;
  #rows = 0;

  constructor(inner: Distances, every: number) {
    this.#inner = inner;
    this.#every = every;
  }

  get length(): number {
    return this.#inner.length;
  }

  get views(): Distances['views'] {
    return this.#inner.views;
  }

  get expected(): Float32Array {
    return this.#inner.expected;
  }

  get counts(): { readonly rows: number; readonly inferences: number } {
    return { rows: this.#rows, inferences: Math.ceil(this.#rows / this.#every) };
  }

  measure(values: Float32Array, end: number): void {
    if (this.#rows % this.#every === 0) this.#inner.measure(values, end);
    this.#rows += 1;
  }
}
