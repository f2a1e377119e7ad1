import { describe, expect, it } from 'vitest';
import { meanSquaredError } from '../../src/engine/ops/losses.ts';
import { compile } from '../../src/engine/tape/program.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import { HEADS, headSchema, nameOf } from '../../src/models/design-point.ts';
import { opOf } from '../../src/models/encoder-ops.ts';
import { checkOp } from '../engine/ops/check-op.ts';
import { countingEngine } from '../models/counting-engine.ts';

/** B windows of P rows and h columns; a group of n heads of d columns. */
const [BATCH, ROWS, HIDDEN] = [2, 13, 5];
const COUNT = 2;
const place = { width: 3, name: 'heads' };

describe('encoder operations', () => {
  it('are looked up by the kind of the head', () => {
    for (const head of HEADS) expect(opOf(head).kind).toBe(head.op);
  });

  it('have a head of each kind in these tests', () => {
    const listed = headSchema.options.map(({ shape }) => shape.op.value);
    expect([...new Set(HEADS.map(({ op }) => op))].sort()).toEqual(listed.sort());
  });
});

describe.each(HEADS.map((head) => [nameOf(head), head] as const))('head %s', (_, head) => {
  const op = opOf(head);
  const heads = [head, head] as const;

  it('turns h columns into those of its heads', () => {
    const tape = new Tape();
    const y = op.mix(tape, tape.input([BATCH, ROWS, HIDDEN]), heads, place);
    expect(y.shape).toEqual([BATCH, ROWS, COUNT * place.width]);
    expect(tape.parameters.length).toBeGreaterThan(0);
    for (const { storage } of tape.parameters) {
      expect(storage.kind === 'parameter' && storage.name).toMatch(/^heads\./);
    }
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    checkOp(
      (tape) => {
        const x = tape.input([BATCH, ROWS, HIDDEN], { gradient: true });
        const y = op.mix(tape, x, heads, place);
        const target = tape.input(y.shape);
        return { inputs: [x, target], loss: meanSquaredError(tape, y, target), outputs: [y] };
      },
      // A bias of keys has no gradient: it moves all scores of a row alike.
      { spread: 0.5, floor: 1e-3 },
    );
  });

  it('multiplies as often as it says', () => {
    const { engine, macs } = countingEngine();
    const tape = new Tape();
    const y = op.mix(tape, tape.input([BATCH, ROWS, HIDDEN]), heads, place);
    compile(tape, engine, { outputs: [y] }).forward();
    expect(macs()).toBe(BATCH * op.macs(ROWS, HIDDEN, heads, place.width));
  });

  it('mixes the rows of one window and of no other', () => {
    const tape = new Tape();
    const x = tape.input([BATCH, ROWS, HIDDEN]);
    const y = op.mix(tape, x, heads, place);
    const program = compile(tape, countingEngine().engine, { outputs: [x, y] });
    for (const { values } of program.parameters) {
      for (let i = 0; i < values.length; i += 1) values[i] = Math.sin(3 * i + 1);
    }
    const values = program.valuesOf(x);
    for (let i = 0; i < values.length; i += 1) values[i] = Math.cos(7 * i);
    program.forward();
    const before = program.valuesOf(y).slice();
    values[HIDDEN * 3] = 5;
    program.forward();
    const after = program.valuesOf(y);
    const changed = (row: number): boolean => {
      const from = row * COUNT * place.width;
      const to = from + COUNT * place.width;
      return after.slice(from, to).some((value, i) => value !== before[from + i]);
    };
    expect(changed(3)).toBe(true);
    expect(changed(5)).toBe(true);
    for (let row = ROWS; row < 2 * ROWS; row += 1) expect(changed(row)).toBe(false);
  });
});
