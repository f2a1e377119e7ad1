// Products that leave out what is small, against the dense product of the operand that was pruned by hand: the same bits.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Floats } from '../../../src/engine/floats.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { plainTape } from '../../../src/engine/kernels/plain/tape.ts';
import { createRandom } from '../../../src/engine/random.ts';
import type { TapeKernels } from '../../../src/engine/tape/kernels.ts';
import { compile } from '../../../src/engine/tape/program.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';

const simd = await loadKernels('wasm-simd');

interface Case {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Elements of room behind each row. */
  readonly room: number;
  readonly start: 'nothing' | 'a row' | 'what is there';
  readonly threshold: number;
  readonly seed: number;
}

const cases = fc.record({
  rows: fc.integer({ min: 1, max: 37 }),
  inner: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(128, 129, 256, 257, 600)),
  columns: fc.integer({ min: 1, max: 70 }),
  room: fc.constantFrom(0, 0, 3),
  start: fc.constantFrom('nothing' as const, 'a row' as const, 'what is there' as const),
  threshold: fc.constantFrom(-1, 0, 0.3, 1, 1.7, 100),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

/** Addresses of the arrays, and the steps between their rows. */
interface Places {
  readonly c: number;
  readonly a: number;
  readonly b: number;
  readonly start: number;
  /** Room for the numbers of rows. */
  readonly list: number;
  readonly memory: Floats;
  readonly down: {
    readonly c: number;
    readonly a: number;
    readonly b: number;
    readonly start: number;
  };
}

type Run = (kernels: TapeKernels, places: Places, at: Case) => number | undefined;

interface Result {
  readonly c: Floats;
  /** What the kernel returned. */
  readonly kept: number | undefined;
}

/** c (M, N), a (M, K) and b (K, N), filled with the same numbers in every run; `prepare` may change a and b. */
function outcome(
  engine: 'simd' | 'exact',
  at: Case,
  run: Run,
  prepare: (a: Floats, b: Floats) => void = () => undefined,
): Result {
  const { rows, inner, columns, room, start, seed } = at;
  const tape = new Tape();
  const c = tape.input([rows, columns + room]);
  const a = tape.input([rows, inner + room]);
  const b = tape.input([inner, columns + room]);
  const row = tape.input([columns]);
  const list = tape.input([Math.max(rows, inner)]);
  let kept: number | undefined;
  tape.record({
    kind: 'product',
    inputs: [c, a, b, row, list],
    output: tape.value([1]),
    forward({ kernels, memory, at: place }) {
      const from = { nothing: 0, 'a row': place(row), 'what is there': place(c) }[start];
      const down = { c: columns + room, a: inner + room, b: columns + room };
      const places = {
        c: place(c),
        a: place(a),
        b: place(b),
        start: from,
        list: place(list),
        memory,
        down: { ...down, start: start === 'what is there' ? down.c : 0 },
      };
      return () => {
        kept = run(kernels, places, at);
      };
    },
  });
  const options = { outputs: [c, a, b, row, list] };
  const program =
    engine === 'simd'
      ? simd.compile(tape, options)
      : compile(tape, plainTape(Float64Array), options);
  const random = createRandom(seed);
  const views = [c, a, b, row].map((tensor): Floats => program.valuesOf(tensor));
  for (const view of views) {
    for (let i = 0; i < view.length; i++) view[i] = Math.fround(random.normal());
  }
  prepare(views[1] as Floats, views[2] as Floats);
  program.forward();
  return { c: Float64Array.from(views[0] as Floats), kept };
}

/** Sets elements to 0 whose group, by number, has none above the threshold; returns how many groups remain. */
function pruneBy(
  values: Floats,
  threshold: number,
  groupOf: (place: number) => number | undefined,
): number {
  const kept = new Set<number>();
  for (const [i, value] of values.entries()) {
    const group = groupOf(i);
    if (group !== undefined && !(Math.abs(value) <= Math.fround(threshold))) kept.add(group);
  }
  for (let i = 0; i < values.length; i++) {
    const group = groupOf(i);
    if (group !== undefined && !kept.has(group)) values[i] = 0;
  }
  return kept.size;
}

const dense: Run = (k, p, { rows, columns, inner }) => {
  const { down } = p;
  k.multiply(p.c, down.c, p.a, down.a, 1, p.b, down.b, p.start, down.start, rows, columns, inner);
  return undefined;
};

const denseOntoItself: Run = (k, p, { rows, columns, inner }) => {
  const { down } = p;
  k.multiply(p.c, down.c, p.a, down.a, 1, p.b, down.b, p.c, down.c, rows, columns, inner);
  return undefined;
};

/** Lists the rows that have an element above the threshold; returns their number. */
function listed(
  { memory, list }: Places,
  at: number,
  { rows, columns, room, threshold }: Pick<Case, 'rows' | 'columns' | 'room' | 'threshold'>,
): number {
  let kept = 0;
  for (let i = 0; i < rows; i++) {
    const from = at + i * (columns + room);
    const row = memory.subarray(from, from + columns);
    if (row.every((value) => Math.abs(value) <= Math.fround(threshold))) continue;
    memory[list + kept] = i;
    kept++;
  }
  return kept;
}

/** Each kernel: how it is called, its dense counterpart, and which groups of a or b it prunes. */
const kernels = {
  multiplyKept: {
    dense,
    sparse: (k, p, { rows, columns, inner, threshold }) =>
      k.multiplyKept(
        ...([p.c, p.down.c, p.a, p.down.a, p.b, p.down.b, p.start, p.down.start] as const),
        ...([rows, columns, inner, threshold] as const),
      ),
    prune: ({ inner, room, threshold }, a) =>
      pruneBy(a, threshold, (i) => (i % (inner + room) < inner ? i : undefined)),
  },
  multiplyKeptColumns: {
    dense,
    sparse: (k, p, { rows, columns, inner, threshold }) =>
      k.multiplyKeptColumns(
        ...([p.c, p.down.c, p.a, p.down.a, p.b, p.down.b, p.start, p.down.start] as const),
        ...([rows, columns, inner, threshold] as const),
      ),
    prune: ({ inner, room, threshold }, a) =>
      pruneBy(a, threshold, (i) => {
        const column = i % (inner + room);
        return column < inner ? column : undefined;
      }),
  },
  multiplyKeptRows: {
    dense: denseOntoItself,
    sparse: (k, p, { rows, columns, inner, room, threshold }) => {
      const kept = listed(p, p.b, { rows: inner, columns, room, threshold });
      k.multiplyKeptRows(
        ...([p.c, p.down.c, p.a, p.down.a, 1, p.b, p.down.b, rows, columns, inner] as const),
        ...([p.list, kept] as const),
      );
      return kept;
    },
    prune: ({ columns, room, threshold }, _, b) =>
      pruneBy(b, threshold, (i) => {
        const column = i % (columns + room);
        return column < columns ? Math.floor(i / (columns + room)) : undefined;
      }),
  },
  addToKeptRows: {
    dense: denseOntoItself,
    sparse: (k, p, { rows, columns, inner, room, threshold }) => {
      const kept = listed(p, p.a, { rows, columns: inner, room, threshold });
      k.addToKeptRows(
        ...([p.c, p.down.c, p.a, p.down.a, p.b, p.down.b, rows, columns, inner] as const),
        ...([p.list, kept] as const),
      );
      return kept;
    },
    prune: ({ inner, room, threshold }, a) =>
      pruneBy(a, threshold, (i) =>
        i % (inner + room) < inner ? Math.floor(i / (inner + room)) : undefined,
      ),
  },
} satisfies Record<
  string,
  { dense: Run; sparse: Run; prune: (at: Case, a: Floats, b: Floats) => number }
>;

describe.each(Object.entries(kernels))('%s', (_, { dense: whole, sparse, prune }) => {
  it('has the bits of the dense product of the pruned operand, and counts what it keeps', () => {
    fc.assert(
      fc.property(cases, (at) => {
        let wantedKept = Number.NaN;
        const wanted = outcome('simd', at, whole, (a, b) => {
          wantedKept = prune(at, a, b);
        });
        const found = outcome('simd', at, sparse);
        expect(found.c.map(zero)).toEqual(wanted.c.map(zero));
        expect(found.kept).toBe(wantedKept);
      }),
      { numRuns: 35 },
    );
  });

  it('agrees with its plain twin', () => {
    fc.assert(
      fc.property(cases, (at) => {
        const [found, wanted] = [outcome('simd', at, sparse), outcome('exact', at, sparse)];
        expect(found.kept).toBe(wanted.kept);
        const most = Math.max(1, ...wanted.c.map(Math.abs));
        const off = wanted.c.map((value, i) => Math.abs(value - (found.c[i] as number)));
        expect(Math.max(...off) / most).toBeLessThan(1e-5);
      }),
      { numRuns: 15 },
    );
  });

  it('keeps what is not a number, so that it shows', () => {
    const at: Case = {
      ...{ rows: 3, inner: 5, columns: 7, room: 0, start: 'nothing', threshold: 100, seed: 1 },
    };
    const found = outcome('simd', at, sparse, (a, b) => {
      a[0] = Number.NaN;
      b[0] = Number.NaN;
    });
    expect(found.c[0]).toBeNaN();
  });
});

/** 0 for -0: sums of nothing but left out products begin at 0, those of products with 0 may be -0. */
function zero(value: number): number {
  return value === 0 ? 0 : value;
}
