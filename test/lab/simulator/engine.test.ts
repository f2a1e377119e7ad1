import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/lab/simulator/engine.ts';
import type { Run } from '../../../src/lab/simulator/run.ts';
import type { Program, Unit } from '../../../src/lab/simulator/task.ts';
import { stepThrough } from './cycle-stepped.ts';
import { randomProgram } from './random-program.ts';

describe('the engine', () => {
  it('agrees with its cycle-stepped twin to the cycle and to each stall, on 200 random programs', () => {
    const seen = { stuck: 0, reloaded: 0, writtenBack: 0 };
    for (let seed = 1; seed <= 200; seed += 1) {
      const program = randomProgram(seed);
      const jumped = ran(program);
      const stepped = stepThrough(program);
      expect([seed, jumped?.cycles, jumped?.stalls]).toEqual([
        seed,
        stepped?.cycles,
        stepped?.stalls,
      ]);
      seen.stuck += Number(jumped === undefined);
      seen.writtenBack += Number(jumped?.moves.some(({ kind }) => kind === 'write back') ?? false);
      const loads = jumped?.moves.filter(({ kind }) => kind === 'load').map(({ datum }) => datum);
      seen.reloaded += Number(new Set(loads).size < (loads?.length ?? 0));
    }
    // Otherwise the programs would not prove much.
    expect(Math.min(seen.stuck, seen.reloaded, seen.writtenBack)).toBeGreaterThan(5);
  });

  it('keeps the laws: all tasks once, no read before its store, no buffer beyond its room, every cycle accounted for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const program = randomProgram(seed);
        const done = ran(program);
        fc.pre(done !== undefined);
        expectLaws(program, done as Run);
      }),
      { numRuns: 100 },
    );
  });

  it('takes the sum of all cycles with one lane and memory that costs nothing', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const { tasks, ...program } = randomProgram(seed);
      const work = tasks.filter(({ unit }) => unit !== 'store' && unit !== 'memory');
      // Each task after the one before, without what it reads and stores.
      const chain = work.map((task, i) => ({
        ...task,
        ...{ unit: 'lane' as const, reads: [], writes: -1, after: i - 1 },
      }));
      const units = { ...program.units, lane: 1 };
      const { cycles, use } = run({ ...program, units, tasks: chain, data: [] });
      const sum = work.reduce((all, { tiles }) => all + tiles.reduce((a, b) => a + b, 0), 0);
      expect(cycles).toBe(sum);
      expect(use.lane).toEqual({ busy: sum, stalled: 0, idle: 0 });
    }
  });

  it('is the same each time', () => {
    const program = randomProgram(11);
    expect(run(program)).toEqual(run(program));
  });

  it('upstream defect 14: a run ends when the last store has ended, not the last computation', () => {
    const program = randomProgram(11);
    const { cycles, spans } = run(program);
    const lastOf = (isStore: boolean): number =>
      Math.max(
        ...program.tasks.map(({ kind }, i) =>
          (kind === 'store') === isStore ? (spans[i]?.end ?? 0) : 0,
        ),
      );
    expect(lastOf(false)).toBeLessThan(lastOf(true));
    expect(cycles).toBeGreaterThanOrEqual(lastOf(true));
  });

  it('upstream defect 13: stalls are counted in every run', () => {
    const stalls = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => ran(randomProgram(seed))?.stalls ?? []);
    for (let reason = 0; reason < 7; reason += 1) {
      expect(stalls.some((all) => (all[reason] ?? 0) > 0)).toBe(true);
    }
  });

  it('names operation, buffer and bytes where it cannot go on', () => {
    const program = randomProgram(1);
    const small = { ...program, capacity: { ...program.capacity, activation: 1 } };
    const wanting = small.data.find(({ buffer, bytes }) => buffer === 'activation' && bytes > 1);
    expect(wanting).toBeDefined();
    expect(() => run(small)).toThrow(
      /^task \d+( store)? cannot go on: datum \d+ needs \d+ bytes of the activation buffer, which holds 1 with 0 in use: take a larger buffer/,
    );
  });
});

function ran(program: Program): Run | undefined {
  try {
    return run(program);
  } catch {
    return undefined; // it cannot go on, which the twin has to find too
  }
}

function expectLaws(program: Program, done: Run): void {
  const { tasks, capacity } = program;
  for (const i of tasks.keys()) expectInOrder(program, done, i);
  for (const buffer of ['activation', 'weight', 'mask'] as const) {
    expect(done.held[buffer]).toBeLessThanOrEqual(capacity[buffer]);
  }
  for (const unit of ['lane', 'softmax', 'norm', 'memory', 'store'] as const) {
    expectAccounted(program, done, unit);
  }
}

/** Begun and ended, and not before what it reads was stored or loaded. */
function expectInOrder({ tasks }: Program, { spans, moves }: Run, i: number): void {
  const { reads, after } = tasks[i] as Program['tasks'][number];
  const { begin, end } = spans[i] as Run['spans'][number];
  const endOf = (task: number): number => spans[task]?.end ?? Number.POSITIVE_INFINITY;
  expect(begin).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThan(begin);
  if (after >= 0) expect(begin).toBeGreaterThanOrEqual(endOf(after));
  for (const datum of reads) {
    const stored = tasks.findIndex(({ writes }) => writes === datum);
    if (stored >= 0) expect(begin).toBeGreaterThanOrEqual(endOf(stored));
    else expect(moves.some((move) => move.datum === datum && move.end <= begin)).toBe(true);
  }
}

function expectAccounted({ tasks, units }: Program, { use, moves, cycles }: Run, unit: Unit): void {
  const { busy, stalled, idle } = use[unit];
  expect(busy + stalled + idle).toBe(units[unit] * cycles);
  const moved = moves.reduce((sum, move) => sum + move.end - move.begin, 0);
  const work = tasks
    .filter((task) => task.unit === unit)
    .reduce(
      (sum, { tiles }) => sum + tiles.reduce((a, b) => a + b, 0),
      unit === 'memory' ? moved : 0,
    );
  expect(busy).toBe(work);
  expect(cycles).toBeGreaterThanOrEqual(Math.ceil(work / units[unit]));
}
