// What beginning with a relative's weights saves: children of a space and a neighbour of each that shares at least 80 % of its
// weights, as FlexiBERT asks. Prints the steps after which the child is as good as it gets from random weights in all its
// steps, with half of the steps to go: ordered, by random projection (encoders alone), and anew for comparison. Encoders are of
// the proof space; convolutional networks of the full one, since in theirs all cells of a network are alike.
// Writes transfer.json or transfer-cnn.json, and PROFILER.md, into the folder of --out.
//   npx tsx scripts/transfer-savings.ts [--family encoder|cnn] [--pairs 12] [--seed 1] [--out results/search]
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import {
  type Body,
  cnnBody,
  encoderBody,
  forecastNetwork,
} from '../src/detectors/networks/forecast.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { createRandom } from '../src/engine/random.ts';
import { median } from '../src/engine/statistics.ts';
import {
  cnnRelativesOn,
  relativesOn,
  type TrainedRelative,
  type TrainRelative,
} from '../src/lab/candidates/relatives.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { cnnKey } from '../src/lab/search/cnn-space/cell-form.ts';
import { sampleCnns } from '../src/lab/search/cnn-space/enumerate.ts';
import { cnnNeighbours } from '../src/lab/search/cnn-space/neighbours.ts';
import { readCnnSpace } from '../src/lab/search/cnn-space/space.ts';
import { designKey } from '../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../src/lab/search/design-space/enumerate.ts';
import { neighboursOf } from '../src/lab/search/design-space/neighbours.ts';
import { readSpace } from '../src/lab/search/design-space/space.ts';
import type { CnnPoint } from '../src/models/cnn-design.ts';
import type { DesignPoint } from '../src/models/design-point.ts';
import type { NamedShape } from '../src/models/transfer/pieces.ts';
import { type CnnRelative, cnnOverlap } from '../src/models/transfer/transfer-cnn.ts';
import {
  overlapOf,
  type Relative,
  type TransferOptions,
  type Transferred,
} from '../src/models/transfer/transfer-weights.ts';
import { commandLine, refuse, wholeNumber } from './command-line.mjs';
import { writeResults } from './profiler/page.ts';

/** Those of scripts/proof-space.ts. */
const TRAINING = { steps: 300, batch: 32, learningRate: 4e-3 };
const LEAST_OVERLAP = 0.8;
/** Never stops early: the steps are what is measured. */
const HALF = { steps: TRAINING.steps / 2, patience: 1000 };
/** Designs of a space that is too large to be listed. */
const DRAWN = 400;

const { values } = commandLine({
  options: {
    family: { type: 'string', default: 'encoder' },
    pairs: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/search', import.meta.url)) },
  },
});
const pairs = wholeNumber('pairs', values.pairs, 1);
const seed = wholeNumber('seed', values.seed, 0);
const random = createRandom(seed);
const series = openDataset('ASD', ...dataRoots(undefined)).read('omi-2');
const { train: recording, intervalMs } = series;
const { signal } = new AbortController();

/** What is compared in a family. `From` is a trained network and how its weights are taken over. */
interface Compared<Design, From> {
  readonly file: string;
  readonly designs: readonly Design[];
  readonly train: TrainRelative<Design, From>;
  readonly ways: Readonly<Record<string, (from: TrainedRelative<Design>, own: number) => From>>;
  keyOf(design: Design): string;
  neighboursOf(design: Design): readonly Design[];
  overlapOf(parent: Shaped<Design>, child: Shaped<Design>): Transferred;
  bodyOf(design: Design): Body;
}

interface Shaped<Design> {
  readonly point: Design;
  readonly weights: readonly NamedShape[];
}

interface Found {
  readonly parent: string;
  readonly child: string;
  readonly overlap: number;
  readonly scratchLoss: number;
  /** Steps until the loss of a child was that of all its steps from scratch; null = not within half of them. */
  readonly steps: Readonly<Record<string, number | null>>;
}

const kernels = await loadKernels();
const data = { series: recording, intervalMs };

function encoders(): Compared<DesignPoint, Relative & TransferOptions> {
  const space = readSpace('proof');
  const { rows, patch } = space;
  return {
    file: 'transfer.json',
    designs: enumerate(space),
    train: relativesOn(data, { rows, patch, ...TRAINING }, kernels),
    ways: {
      ordered: (from, own) => ({ ...from, mode: 'ordered', seed: own }),
      projected: (from, own) => ({ ...from, mode: 'projected', seed: own }),
    },
    keyOf: designKey,
    neighboursOf: (design) => neighboursOf(design, space),
    overlapOf: (parent, child) => overlapOf(parent, child, 'ordered'),
    bodyOf: (point) => encoderBody({ point, patch }),
  };
}

function cnns(): Compared<CnnPoint, CnnRelative> {
  const space = readCnnSpace('full');
  return {
    file: 'transfer-cnn.json',
    designs: sampleCnns(space, DRAWN, seed),
    train: cnnRelativesOn(data, { rows: space.rows, ...TRAINING }, kernels),
    ways: { ordered: (from) => from },
    keyOf: cnnKey,
    neighboursOf: (design) => cnnNeighbours(design, space),
    overlapOf: cnnOverlap,
    bodyOf: (point) => cnnBody({ point }),
  };
}

function shapesOf<Design>(point: Design, bodyOf: (design: Design) => Body): Shaped<Design> {
  const shape = { rows: ROWS, horizon: 1 };
  const { tape } = forecastNetwork(bodyOf(point), shape, recording.channels.length, 1);
  const weights = tape.parameters.map(({ shape: of, storage }) => ({
    name: storage.kind === 'parameter' ? storage.name : '',
    shape: of,
  }));
  return { point, weights };
}

/** Of all spaces here. */
const ROWS = 32;

async function compare<Design, From>(family: Compared<Design, From>): Promise<void> {
  const { file, designs, train, ways, keyOf, bodyOf } = family;

  function share(parent: Design, child: Design): number {
    const { weights, of } = family.overlapOf(shapesOf(parent, bodyOf), shapesOf(child, bodyOf));
    return weights / of;
  }

  /** A child and a neighbour that shares enough with it. */
  function drawPair() {
    for (;;) {
      const child = designs[random.integer(designs.length)] as Design;
      const near = family.neighboursOf(child).filter((one) => share(one, child) >= LEAST_OVERLAP);
      if (near.length > 0) return { child, parent: near[random.integer(near.length)] as Design };
    }
  }

  /** Steps until the validation loss is as low as `loss`. */
  async function stepsTo(
    loss: number,
    task: { readonly point: Design; readonly from?: From },
    own: number,
  ): Promise<number | null> {
    let reached: number | null = null;
    await train(
      { ...task, options: HALF },
      {
        ...{ seed: own, signal },
        progress({ validationLoss = Number.POSITIVE_INFINITY, step }) {
          if (validationLoss <= loss) reached ??= step;
        },
      },
    );
    return reached;
  }

  async function measure(parent: Design, child: Design, own: number): Promise<Found> {
    const from = await train({ point: parent }, { seed: own + 1, signal });
    const { loss } = await train({ point: child }, { seed: own, signal });
    const steps: Record<string, number | null> = {};
    for (const [how, way] of Object.entries(ways)) {
      steps[how] = await stepsTo(loss, { point: child, from: way(from, own) }, own);
    }
    steps['anew'] = await stepsTo(loss, { point: child }, own);
    return {
      ...{ parent: keyOf(parent), child: keyOf(child), overlap: share(parent, child) },
      ...{ scratchLoss: loss, steps },
    };
  }

  const found: Found[] = [];
  for (let i = 0; i < pairs; i++) {
    const { parent, child } = drawPair();
    const one = await measure(parent, child, 1000 * seed + 10 * i);
    found.push(one);
    const told = Object.entries(one.steps).map(([how, steps]) => `${how} ${steps ?? '-'}`);
    console.log(
      `${one.parent} -> ${one.child}: ${(100 * one.overlap).toFixed(0)} % shared, loss ${one.scratchLoss.toFixed(4)}, steps ${told.join(', ')}`,
    );
  }
  write(file, found, [...Object.keys(ways), 'anew']);
}

function write(file: string, found: readonly Found[], hows: readonly string[]): void {
  const summary = hows.map((how) => {
    const steps = found.map((one) => one.steps[how] ?? Number.POSITIVE_INFINITY);
    const reached = steps.filter(Number.isFinite);
    // Of all pairs: those that did not get there took longer than any.
    const typical = reached.length > pairs / 2 ? median(steps) : null;
    return { how, reached: reached.length, medianSteps: typical };
  });
  for (const { how, reached, medianSteps } of summary) {
    console.log(
      `${how.padEnd(9)} as good within ${HALF.steps} of ${TRAINING.steps} steps in ${reached} of ${pairs} pairs, median after ${medianSteps ?? 'more'}`,
    );
  }
  const family = values.family === 'encoder' ? '' : ` --family ${values.family}`;
  const command = `npx tsx scripts/transfer-savings.ts${family} --pairs ${pairs} --seed ${seed}`;
  writeResults(values.out, file, { command, steps: TRAINING.steps, pairs: found, summary });
}

switch (values.family) {
  case 'encoder':
    await compare(encoders());
    break;
  case 'cnn':
    await compare(cnns());
    break;
  default:
    refuse(`--family ${values.family}: choose encoder or cnn`);
}
