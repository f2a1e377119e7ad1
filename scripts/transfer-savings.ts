// What beginning with a relative's weights saves: children of the proof space and a neighbour of each that shares at
// least 80 % of its weights, as FlexiBERT asks. Prints the steps after which the child is as good as it gets from
// random weights in all its steps, with half of the steps to go: ordered, by random projection, and anew for comparison.
// Writes transfer.json and PROFILER.md into the folder of --out.
//   npx tsx scripts/transfer-savings.ts [--pairs 12] [--seed 1] [--out results/search]
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { encoderBody, forecastNetwork } from '../src/detectors/networks/forecast.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { createRandom } from '../src/engine/random.ts';
import { median } from '../src/engine/statistics.ts';
import { type RelativeTask, relativesOn } from '../src/lab/candidates/relatives.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { designKey } from '../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../src/lab/search/design-space/enumerate.ts';
import { neighboursOf } from '../src/lab/search/design-space/neighbours.ts';
import { readSpace } from '../src/lab/search/design-space/space.ts';
import type { DesignPoint } from '../src/models/design-point.ts';
import { overlapOf } from '../src/models/transfer/transfer-weights.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { writeResults } from './profiler/page.ts';

/** Those of scripts/proof-space.ts. */
const SETTINGS = { rows: 32, patch: 2, steps: 300, batch: 32, learningRate: 4e-3 };
const LEAST_OVERLAP = 0.8;
/** Never stops early: the steps are what is measured. */
const HALF = { steps: SETTINGS.steps / 2, patience: 1000 };

const { values } = commandLine({
  options: {
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
const train = relativesOn({ series: recording, intervalMs }, SETTINGS, await loadKernels());
const { signal } = new AbortController();

interface Found {
  readonly parent: string;
  readonly child: string;
  readonly overlap: number;
  readonly scratchLoss: number;
  /** Steps until the loss of a child was that of all its steps from scratch; null = not within half of them. */
  readonly steps: Readonly<Record<'ordered' | 'projected' | 'anew', number | null>>;
}

function shapesOf(point: DesignPoint) {
  const body = encoderBody({ point, patch: SETTINGS.patch });
  const { tape } = forecastNetwork(body, { ...SETTINGS, horizon: 1 }, recording.channels.length, 1);
  const weights = tape.parameters.map(({ shape, storage }) => ({
    name: storage.kind === 'parameter' ? storage.name : '',
    shape,
  }));
  return { point, weights };
}

function share(parent: DesignPoint, child: DesignPoint): number {
  const { weights, of } = overlapOf(shapesOf(parent), shapesOf(child), 'ordered');
  return weights / of;
}

/** A child and a neighbour that shares enough with it. */
function drawPair(points: readonly DesignPoint[], space: ReturnType<typeof readSpace>) {
  for (;;) {
    const child = points[random.integer(points.length)] as DesignPoint;
    const near = neighboursOf(child, space).filter((one) => share(one, child) >= LEAST_OVERLAP);
    if (near.length > 0) return { child, parent: near[random.integer(near.length)] as DesignPoint };
  }
}

/** Steps until the validation loss is as low as `loss`. */
async function stepsTo(loss: number, task: RelativeTask, own: number): Promise<number | null> {
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

async function measure(parent: DesignPoint, child: DesignPoint, own: number): Promise<Found> {
  const from = await train({ point: parent }, { seed: own + 1, signal });
  const { loss } = await train({ point: child }, { seed: own, signal });
  const transferred = (mode: 'ordered' | 'projected') =>
    stepsTo(loss, { point: child, from: { ...from, mode, seed: own } }, own);
  return {
    ...{ parent: designKey(parent), child: designKey(child), overlap: share(parent, child) },
    scratchLoss: loss,
    steps: {
      ordered: await transferred('ordered'),
      projected: await transferred('projected'),
      anew: await stepsTo(loss, { point: child }, own),
    },
  };
}

const space = readSpace('proof');
const points = enumerate(space);
const found: Found[] = [];
for (let i = 0; i < pairs; i++) {
  const { parent, child } = drawPair(points, space);
  const one = await measure(parent, child, 1000 * seed + 10 * i);
  found.push(one);
  const told = Object.entries(one.steps).map(([how, steps]) => `${how} ${steps ?? '-'}`);
  console.log(
    `${one.parent} -> ${one.child}: ${(100 * one.overlap).toFixed(0)} % shared, loss ${one.scratchLoss.toFixed(4)}, steps ${told.join(', ')}`,
  );
}
const summary = (['ordered', 'projected', 'anew'] as const).map((how) => {
  const steps = found.map((one) => one.steps[how] ?? Number.POSITIVE_INFINITY);
  const reached = steps.filter(Number.isFinite);
  // Of all pairs: those that did not get there took longer than any.
  const typical = reached.length > pairs / 2 ? median(steps) : null;
  return { how, reached: reached.length, medianSteps: typical };
});
for (const { how, reached, medianSteps } of summary) {
  console.log(
    `${how.padEnd(9)} as good within ${HALF.steps} of ${SETTINGS.steps} steps in ${reached} of ${pairs} pairs, median after ${medianSteps ?? 'more'}`,
  );
}
const command = `npx tsx scripts/transfer-savings.ts --pairs ${pairs} --seed ${seed}`;
writeResults(values.out, 'transfer.json', {
  command,
  steps: SETTINGS.steps,
  pairs: found,
  summary,
});
