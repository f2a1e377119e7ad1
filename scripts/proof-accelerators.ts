// What each network of a proof space costs on each of 64 accelerators, all simulated without zeros: writes the costs beside the trained
// networks.
//   npx tsx scripts/proof-accelerators.ts [--family encoder] [--mode inference] [--out FILE.json.gz]
// The families are encoder and cnn, the modes inference and training. The file is in results/search unless --out names it.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { enumerateCnns } from '../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../src/lab/search/cnn-space/space.ts';
import { readSpace } from '../src/lab/search/design-space/space.ts';
import { pointOf, proofDesigns } from '../src/lab/search/proof/proof-space.ts';
import { areaMm2 } from '../src/lab/simulator/accelerator.ts';
import type { Work } from '../src/lab/simulator/lowering/graph.ts';
import { type DesignInShape, networkOfShape } from '../src/lab/simulator/networks.ts';
import { priceOf } from '../src/lab/simulator/price.ts';
import { acceleratorAt, spaceSize } from '../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../src/lab/simulator/zeros.ts';
import { commandLine, commandOf, refuse } from './command-line.mjs';
import {
  type AcceleratorCosts,
  costsFile,
  PROOF_ACCELERATORS,
} from './search-proof/accelerator-pairs-table.ts';

/** Windows of the trained networks: ASD has 19 channels, and one row is forecast. */
const SHAPE = { width: 19, horizon: 1 };
const DIGITS = 4;

const { values } = commandLine({
  options: {
    family: { type: 'string', default: 'encoder' },
    mode: { type: 'string', default: 'inference' },
    out: { type: 'string' },
  },
});
const { family, mode } = values;
if (family !== 'encoder' && family !== 'cnn') {
  refuse(`--family: found ${family}, expected encoder or cnn`);
}
if (mode !== 'inference' && mode !== 'training') {
  refuse(`--mode: found ${mode}, expected inference or training`);
}
const [kind, training] = [family === 'cnn' ? 'cnn' : 'encoder', mode === 'training'] as const;
const space = PROOF_ACCELERATORS[kind];
const accelerators = Array.from({ length: spaceSize(space) }, (_, number) =>
  acceleratorAt(space, number),
);
const options = {
  ...({ mode: training ? 'training' : 'inference', order: 'bijk', lanes: 'window-32' } as const),
  zeros: new Zeros(NO_ZEROS),
};
const out =
  values.out ??
  fileURLToPath(new URL(`../results/search/${costsFile(kind, options.mode)}`, import.meta.url));

/** In the order of the trained ones. */
const networks = {
  encoder: (): readonly DesignInShape[] => {
    const { rows, patch } = readSpace('proof');
    return proofDesigns().map((layers) => ({ point: pointOf(layers), rows, patch, ...SHAPE }));
  },
  cnn: (): readonly DesignInShape[] => {
    const cnns = readCnnSpace('proof');
    const { rows, patch } = cnns;
    return enumerateCnns(cnns).map((point) => ({ point, rows, patch, ...SHAPE }));
  },
};

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

function costsOf(network: DesignInShape): string {
  const works = new Map<number, Work>();
  const costs = accelerators.map((accelerator) => {
    const { batch } = accelerator;
    const work =
      works.get(batch) ?? networkOfShape(network, 'the design', batch).work(options.mode);
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
const begin = process.cpuUsage();
const lines = networks[kind]().map(costsOf);
const { user, system } = process.cpuUsage(begin);
const text = `${JSON.stringify(head).slice(0, -1)},"costs":[\n${lines.join(',\n')}\n]}\n`;
writeFileSync(out, gzipSync(text, { level: 9 }));
const pairs = lines.length * accelerators.length;
console.log(`${pairs} pairs, ${((user + system) / 1e6).toFixed(0)} s of a processor`);
