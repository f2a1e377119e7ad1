// What each design of the proof space costs on each of 64 accelerators, all simulated: writes the costs beside the trained designs.
//   npx tsx scripts/proof-accelerators.ts [--mode inference] [--out results/search/proof-accelerators-<mode>.json.gz]
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readSpace } from '../src/lab/search/design-space/space.ts';
import { pointOf, proofDesigns } from '../src/lab/search/proof/proof-space.ts';
import { areaMm2 } from '../src/lab/simulator/accelerator.ts';
import type { Work } from '../src/lab/simulator/lowering/graph.ts';
import { networkOfShape } from '../src/lab/simulator/networks.ts';
import { priceOf } from '../src/lab/simulator/price.ts';
import { acceleratorAt, spaceSize } from '../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../src/lab/simulator/zeros.ts';
import { commandLine, commandOf, refuse } from './command-line.mjs';
import {
  type AcceleratorCosts,
  PROOF_ACCELERATORS,
} from './search-proof/accelerator-pairs-table.ts';

const { rows, patch } = readSpace('proof');
/** Windows of the trained designs: ASD has 19 channels, and one row is forecast. */
const WIDTH = 19;
const DIGITS = 4;

const { values } = commandLine({
  options: { mode: { type: 'string', default: 'inference' }, out: { type: 'string' } },
});
const { mode } = values;
if (mode !== 'inference' && mode !== 'training') {
  refuse(`--mode: found ${mode}, expected inference or training`);
}
const training = mode === 'training';
const out =
  values.out ??
  fileURLToPath(new URL(`../results/search/proof-accelerators-${mode}.json.gz`, import.meta.url));

const accelerators = Array.from({ length: spaceSize(PROOF_ACCELERATORS) }, (_, number) =>
  acceleratorAt(PROOF_ACCELERATORS, number),
);
const options = {
  ...({ mode: training ? 'training' : 'inference', order: 'bijk', lanes: 'window-32' } as const),
  zeros: new Zeros(NO_ZEROS),
};

function workOf(design: number, windows: number): Work {
  const point = pointOf(proofDesigns()[design] ?? []);
  const network = { point, patch, rows, width: WIDTH, horizon: 1 };
  return networkOfShape(network, `design ${design}`, windows).work(options.mode);
}

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

function costsOf(design: number): string {
  const works = new Map<number, Work>();
  const costs = accelerators.map((accelerator) => {
    const { batch } = accelerator;
    const work = works.get(batch) ?? workOf(design, batch);
    works.set(batch, work);
    const { latencyS, dynamicJ, leakageJ } = priceOf(work, accelerator, batch, options);
    return [rounded(latencyS), rounded(dynamicJ), rounded(leakageJ)];
  });
  return JSON.stringify(costs);
}

const head: Omit<AcceleratorCosts, 'costs'> = {
  command: commandOf('proof-accelerators.ts'),
  ...{ simulated: true, mode: options.mode },
  areaMm2: accelerators.map((one) => rounded(areaMm2(one, training))),
};
const lines = proofDesigns().map((_, design) => costsOf(design));
const text = `${JSON.stringify(head).slice(0, -1)},"costs":[\n${lines.join(',\n')}\n]}\n`;
writeFileSync(out, gzipSync(text, { level: 9 }));
