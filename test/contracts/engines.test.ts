// Engines that know nothing of each other have to agree: our own kernels, and TensorFlow in each build that is at hand.
import { beforeAll, describe, expect, it } from 'vitest';
import { encoder as encoderDetector } from '../../src/detectors/encoder/encoder.ts';
import { encoder as encoderTrainer } from '../../src/detectors/encoder/train.ts';
import { gon as gonDetector } from '../../src/detectors/gon/gon.ts';
import { gon as gonTrainer } from '../../src/detectors/gon/train.ts';
import type {
  Ascent,
  DiscriminatorKernels,
  Kernels,
} from '../../src/engine/discriminator-kernels.ts';
import type { Floats } from '../../src/engine/floats.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { meanSquaredError } from '../../src/engine/ops/losses.ts';
import { createRandom } from '../../src/engine/random.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import type { Tensor } from '../../src/engine/tape/tensor.ts';
import { convolve } from '../../src/models/cnn.ts';
import type { CnnPoint } from '../../src/models/cnn-design.ts';
import { HEADS, type Head, nameOf } from '../../src/models/design-point.ts';
import { encode } from '../../src/models/encoder.ts';
import type { Model } from '../../src/models/model.ts';
import type { TensorFlow } from '../../src/models/tensorflow/api.ts';
import { tensorflowOps } from '../../src/models/tensorflow/ops/index.ts';
import { tensorflowKernels } from '../../src/models/tensorflow.ts';
import { scoreSeries } from '../detectors/training/score-series.ts';
import { toySeries } from '../detectors/training/toy-series.ts';
import {
  concatenated,
  fill,
  relativeError,
  smallShape,
  trainStep,
} from '../engine/kernels/cases.ts';
import { recordingOps } from '../engine/ops/recording-ops.ts';
import { SEARCHED } from '../models/cnn-points.ts';
import { type OpCase, opCases } from './op-cases.ts';
import { tensorflowBuilds } from './tensorflow-builds.ts';

/** Single precision on both sides, in another order of sums; relative to the greatest number. */
const TOLERANCE = 1e-4;
const own = await loadKernels('wasm-simd');

describe.each(tensorflowBuilds)('engine tensorflow on $name', ({ backend, tf: api }) => {
  describe.skipIf(api === undefined)('agrees with our own kernels', () => {
    const tf = api as TensorFlow; // else it is skipped
    const engine = tensorflowKernels(tf);

    beforeAll(async () => {
      await tf.setBackend(backend);
      await tf.ready();
    });

    it.each(Object.entries(opCases))('on %s, both ways', (_, cases) => {
      for (const build of cases) {
        expectClose(outcome(engine, lossOf(build)), outcome(own, lossOf(build)));
      }
    });

    it.each(HEADS.map((head) => [nameOf(head), head] as const))(
      'on an encoder of %s heads, both ways',
      (_, head) => expectClose(outcome(engine, encoderOf(head)), outcome(own, encoderOf(head))),
    );

    it('on a convolutional network of a search, both ways', () =>
      expectClose(outcome(engine, cnnOf(SEARCHED)), outcome(own, cnnOf(SEARCHED))));

    it('on logits', () => {
      const [found, wanted] = pair(engine);
      for (const kernels of [found, wanted]) kernels.forward(4);
      expectClose([found.logits.slice(0, 4)], [wanted.logits.slice(0, 4)]);
    });

    it.each(ascents)('on where inputs arrive by the rule $rule', (ascent) => {
      const [found, wanted] = pair(engine);
      const start = wanted.z.slice();
      for (const kernels of [found, wanted]) kernels.ascend(4, ascent);
      expectClose([found.z, found.logits.slice(0, 4)], [wanted.z, wanted.logits.slice(0, 4)]);
      expect(relativeError(wanted.z, start)).toBeGreaterThan(100 * TOLERANCE);
    });

    it('on steps of a GON in training, one after the other', () => {
      const [found, wanted] = pair(engine);
      for (let step = 0; step < 4; step++) {
        const losses = [found, wanted].map((kernels) => kernels.trainStep(5, trainStep));
        expect(losses[0]).toBeCloseTo(losses[1] as number, 5);
        expectClose(
          [concatenated(found.gradients), concatenated(found.weights), found.z],
          [concatenated(wanted.gradients), concatenated(wanted.weights), wanted.z],
        );
      }
    });

    it.each(trainings)(
      'on the scores of a $detector.kind that either has trained',
      async ({ train, detector }) => {
        for (const trainedBy of [engine, own]) {
          const model = await train(trainedBy);
          const [found, wanted] = [engine, own].map((kernels) => {
            const scores = scoreSeries(detector.load(model, kernels), model, unseen);
            return Float64Array.from(scores, (score) => score?.value ?? 0);
          });
          expect(Math.max(...(wanted as Floats))).toBeGreaterThan(0);
          expectClose([found as Floats], [wanted as Floats]);
        }
      },
    );

    it('and leaves no tensor behind', () => {
      const [found] = pair(engine);
      const programs = [encoderOf({ op: 'transform', basis: 'dft' }), encoderOf(HEADS[0] as Head)];
      const before = tf.memory().numTensors;
      for (const ascent of ascents) found.ascend(4, ascent);
      found.forward(4);
      found.trainStep(5, trainStep);
      for (const program of programs) outcome(engine, program);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe('every operation', () => {
  it('has a case above', () => {
    expect(recordingOps()).toEqual(Object.keys(opCases).sort());
  });

  it('has a counterpart in TensorFlow, and each counterpart an operation', () => {
    const kinds = Object.values(opCases)
      .flat()
      .flatMap((build) => {
        const tape = new Tape();
        build(tape, (...shape) => tape.input(shape));
        return tape.steps.map(({ kind }) => kind);
      });
    expect([...tensorflowOps.keys()].sort()).toEqual([...new Set(kinds)].sort());
  });
});

const ascents: readonly Ascent[] = [
  { rule: 'normalised', steps: 3, stepLength: 0.05 },
  { rule: 'adam', maxSteps: 30, learningRate: 0.01, target: 0.9, epsilon: 1e-3 },
  { rule: 'backtracking', steps: 6, firstStep: 2, anchorWeight: 3 },
];

const unseen = toySeries({ rows: 60, seed: 2, fault: [{ channel: 1, from: 40, to: 50 }] });

const trainings = [
  {
    detector: gonDetector,
    train: (kernels: Kernels): Promise<Model> => {
      const sizes = { lengths: [4], shapeLengths: [], linearLength: 3, hidden: 8, memoryKb: 2 };
      const options = gonTrainer.options.parse({ ...sizes, steps: 8, batch: 8, recSteps: 3 });
      return gonTrainer.train(toySeries({ rows: 160, seed: 1 }), options, context(kernels));
    },
  },
  {
    detector: encoderDetector,
    train: (kernels: Kernels): Promise<Model> => {
      const layer = { hidden: 8, heads: HEADS.slice(0, 2), feedForward: [8] };
      const sizes = { rows: 8, patch: 2, steps: 6, batch: 4, point: { layers: [layer] } };
      const options = encoderTrainer.options.parse(sizes);
      return encoderTrainer.train(toySeries({ rows: 200, seed: 1 }), options, context(kernels));
    },
  },
];

function context(kernels: Kernels) {
  const { signal } = new AbortController();
  return { kernels, seed: 1, intervalMs: 1000, signal, progress: () => undefined };
}

/** The same discriminator, weights and windows on the engine and on ours. */
function pair(engine: Kernels): [DiscriminatorKernels, DiscriminatorKernels] {
  const [found, wanted] = [engine, own].map((kernels) =>
    fill(kernels.discriminator(smallShape, 5), 3),
  );
  return [found as DiscriminatorKernels, wanted as DiscriminatorKernels];
}

interface Network {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly loss: Tensor;
}

function lossOf(build: OpCase): (tape: Tape) => Network {
  return (tape) => {
    const inputs: Tensor[] = [];
    const input = (...shape: number[]): Tensor => {
      inputs.push(tape.input(shape, { gradient: true }));
      return inputs.at(-1) as Tensor;
    };
    const output = build(tape, input);
    const target = tape.constant(output.shape, new Float32Array(output.size));
    return { inputs, outputs: [output], loss: meanSquaredError(tape, output, target) };
  };
}

function cnnOf(point: CnnPoint): (tape: Tape) => Network {
  return (tape) => {
    const x = tape.input([2, 24, 3], { gradient: true });
    const y = convolve(tape, point, x);
    const target = tape.constant(y.shape, new Float32Array(y.size).fill(0.3));
    return { inputs: [x], outputs: [y], loss: meanSquaredError(tape, y, target) };
  };
}

/** Two layers of unequal width, heads of the kind beside attention. */
function encoderOf(head: Head): (tape: Tape) => Network {
  return (tape) => {
    const beside = { op: 'attention', form: 'scaled' } as const;
    const layers = [
      { hidden: 8, heads: [head, beside], feedForward: [12] },
      { hidden: 12, heads: [head, head], feedForward: [8, 8] },
    ];
    const x = tape.input([2, 26, 4], { gradient: true });
    const encoded = encode(tape, { layers }, x, { patch: 2 });
    const target = tape.constant(encoded.shape, new Float32Array(encoded.size).fill(0.3));
    return { inputs: [x], outputs: [encoded], loss: meanSquaredError(tape, encoded, target) };
  };
}

/** Outputs, loss, and gradients of inputs and weights, from numbers that are the same for every engine. */
function outcome(kernels: Kernels, record: (tape: Tape) => Network): readonly Floats[] {
  const tape = new Tape();
  const { inputs, outputs, loss } = record(tape);
  const program = kernels.compile(tape, { outputs, loss });
  const random = createRandom(5);
  const given = inputs.map((input) => program.valuesOf(input));
  for (const cells of [...given, ...program.parameters.map(({ values }) => values)]) {
    for (let i = 0; i < cells.length; i++) cells[i] = Math.fround(random.normal());
  }
  program.state.step = 3;
  program.forward();
  program.backward();
  return [
    ...[...outputs, loss].map((tensor) => program.valuesOf(tensor)),
    ...inputs.map((input) => program.gradientOf(input)),
    program.gradients,
  ];
}

function expectClose(found: readonly Floats[], wanted: readonly Floats[]): void {
  expect(found.length).toBe(wanted.length);
  for (const [i, numbers] of wanted.entries()) {
    expect(found[i]).toHaveLength(numbers.length);
    expect(relativeError(found[i] as Floats, numbers, 1e-6)).toBeLessThan(TOLERANCE);
  }
}
