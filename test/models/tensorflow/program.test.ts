import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { dropout } from '../../../src/engine/ops/dropout.ts';
import { linear } from '../../../src/engine/ops/linear.ts';
import { gaussianNll, meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { compileForTensorflow } from '../../../src/models/tensorflow/program.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function regression() {
  const tape = new Tape();
  const x = tape.input([2, 3]);
  const weights = tape.parameter('weights', [3, 1]);
  const unused = tape.parameter('unused', [5]);
  const bias = tape.parameter('bias', [1]);
  const target = tape.input([2, 1]);
  const y = linear(tape, x, weights, bias);
  return { tape, x, unused, target, y, loss: meanSquaredError(tape, y, target) };
}

describe('a program for TensorFlow', () => {
  it('has weights and gradients in one row each, as every engine has them', () => {
    const { tape, loss } = regression();
    const { weights, gradients, parameters } = compileForTensorflow(tf, tape, { loss });
    expect(parameters.map(({ name, values }) => [name, values.byteOffset / 4])).toEqual([
      ['weights', 0],
      ['unused', 16],
      ['bias', 32],
    ]);
    expect([weights.length, gradients.length]).toEqual([48, 48]);
    weights[32] = 7;
    expect([...(parameters[2]?.values ?? [])]).toEqual([7]);
  });

  it('gives the gradients of a regression, and none to what the loss does not depend on', () => {
    const { tape, x, target, y, loss } = regression();
    const program = compileForTensorflow(tf, tape, { loss, outputs: [y] });
    program.valuesOf(x).set([1, 2, 3, 4, 5, 6]);
    program.valuesOf(target).set([1, 2]);
    program.weights.set([1, 0, 0]);
    program.gradients.fill(9, 16, 21);
    program.forward();
    program.backward();
    expect([...program.valuesOf(y), ...program.valuesOf(loss)]).toEqual([1, 4, 2]);
    const [weights, unused, bias] = program.parameters.map(({ gradient }) => [...gradient]);
    expect([weights, unused, bias]).toEqual([[8, 10, 12], [0, 0, 0, 0, 0], [2]]);
  });

  it('needs no gradients without a loss', () => {
    const { tape, x, y } = regression();
    const program = compileForTensorflow(tf, tape, { outputs: [y] });
    expect(program.gradients).toHaveLength(0);
    expect(program.parameters.map(({ gradient }) => gradient.length)).toEqual([0, 0, 0]);
    program.parameters[2]?.values.fill(5);
    program.forward();
    expect([...program.valuesOf(y)]).toEqual([5, 5]);
    expect(() => program.gradientOf(x)).toThrow('were not requested');
  });

  it('refuses an operation it does not know, by name, before it runs', () => {
    const tape = new Tape();
    const x = tape.input([2]);
    const nothing = () => () => undefined;
    const y = tape.record({ kind: 'turn', inputs: [x], output: tape.value([2]), forward: nothing });
    expect(() => compileForTensorflow(tf, tape, { outputs: [y] })).toThrow(
      "engine tensorflow does not know the operation 'turn': add it to models/tensorflow/ops",
    );
  });

  it('drops other elements at another step, and none unless it trains', () => {
    const tape = new Tape();
    const x = tape.input([1, 64], { gradient: true });
    const y = dropout(tape, x, 0.5, 3);
    const loss = meanSquaredError(tape, y, tape.constant([1, 64], new Float32Array(64)));
    const program = compileForTensorflow(tf, tape, { loss, outputs: [y] });
    program.valuesOf(x).fill(1);
    const at = (step: number, training = true): number[] => {
      Object.assign(program.state, { step, training });
      program.forward();
      return [...program.valuesOf(y)];
    };
    const first = at(1);
    expect(new Set(first)).toEqual(new Set([0, 2]));
    expect(at(2)).not.toEqual(first);
    expect(at(1)).toEqual(first);
    expect(at(1, false)).toEqual(new Array(64).fill(1));
  });

  it('lets nothing through from what has the weight 0, be it no number', () => {
    const tape = new Tape();
    const [mean, spread] = [1, 2].map(() => tape.input([3], { gradient: true }));
    if (!mean || !spread) throw new RangeError('there are two');
    const mask = tape.constant([3], [1, 0, 1]);
    const loss = gaussianNll(tape, mean, spread, tape.constant([3], [1, Number.NaN, 3]), mask);
    const program = compileForTensorflow(tf, tape, { loss });
    program.valuesOf(mean).set([1, Number.NaN, 1]);
    program.valuesOf(spread).set([0, Number.NaN, 0]);
    program.forward();
    program.backward();
    expect([...program.valuesOf(loss)]).toEqual([1]);
    expect([...program.gradientOf(mean)]).toEqual([0, 0, -1]);
    expect([...program.gradientOf(spread)]).toEqual([0.25, 0, -0.75]);
  });
});
