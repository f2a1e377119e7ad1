// What each network of the proof space of cnns costs on each of 64 accelerators of AccelBench: simulated, without zeros. Writes the
// costs beside the trained networks.
//   npx tsx scripts/proof-cnn-pairs.ts [--out results/search/proof-cnn-pairs.json]
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { enumerateCnns } from '../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../src/lab/search/cnn-space/space.ts';
import { networkOfDesign } from '../src/lab/simulator/networks.ts';
import { priceOf } from '../src/lab/simulator/price.ts';
import { acceleratorAt, spaceSize } from '../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../src/lab/simulator/zeros.ts';
import { commandLine } from './command-line.mjs';
import { type AcceleratorCosts, PROOF_ACCELERATORS } from './search-proof/cnn-pairs-table.ts';

/** Channels of ASD; one row is forecast. */
const SHAPE = { width: 19, horizon: 1 };
const DIGITS = 4;

const { values } = commandLine({
  options: {
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../results/search/proof-cnn-pairs.json', import.meta.url)),
    },
  },
});

const space = readCnnSpace('proof');
const accelerators = Array.from({ length: spaceSize(PROOF_ACCELERATORS) }, (_, number) =>
  acceleratorAt(PROOF_ACCELERATORS, number),
);
const rules = {
  ...({ mode: 'inference', order: 'bijk', lanes: 'window-32' } as const),
  zeros: new Zeros(NO_ZEROS),
};

function costsOf(cnn: unknown): AcceleratorCosts['costs'][number] {
  const design = { cnn, rows: space.rows, ...SHAPE };
  const work = networkOfDesign(design, 'the design', 1).work('inference');
  return accelerators.map((accelerator) => {
    const { latencyS, dynamicJ, leakageJ } = priceOf(work, accelerator, 1, rules);
    return [rounded(latencyS), rounded(dynamicJ), rounded(leakageJ)] as const;
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

const begin = process.cpuUsage();
const lines = enumerateCnns(space).map((point) => JSON.stringify(costsOf(point)));
const { user, system } = process.cpuUsage(begin);
const head = JSON.stringify({
  command: 'npx tsx scripts/proof-cnn-pairs.ts',
  source: 'simulated, every number counted as not zero',
});
writeFileSync(values.out, `${head.slice(0, -1)},"costs":[\n${lines.join(',\n')}\n]}\n`);
const pairs = lines.length * accelerators.length;
console.log(`${pairs} pairs, ${((user + system) / 1e6).toFixed(0)} s of a processor`);
