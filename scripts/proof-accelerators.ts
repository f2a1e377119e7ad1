// What each encoder of the proof space costs on each of 64 accelerators, all simulated: writes the costs beside the trained designs.
//   npx tsx scripts/proof-accelerators.ts [--mode inference] [--out results/search/proof-accelerators-<mode>.json.gz]
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { commandLine, commandOf, refuse } from './command-line.mjs';
import { type AcceleratorCosts, simulatedPrices } from './search-proof/accelerator-pairs-table.ts';

const DIGITS = 4;

const { values } = commandLine({
  options: { mode: { type: 'string', default: 'inference' }, out: { type: 'string' } },
});
const mode = modeOf(values.mode);
const out =
  values.out ??
  fileURLToPath(new URL(`../results/search/proof-accelerators-${mode}.json.gz`, import.meta.url));

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

const prices = simulatedPrices('encoder', mode);
const head: Omit<AcceleratorCosts, 'costs'> = {
  command: commandOf('proof-accelerators.ts'),
  ...{ simulated: true, mode },
  areaMm2: (prices[0] ?? []).map(({ areaMm2 }) => rounded(areaMm2)),
};
const lines = prices.map((each) =>
  JSON.stringify(
    each.map(({ latencyS, dynamicJ, leakageJ }) => [latencyS, dynamicJ, leakageJ].map(rounded)),
  ),
);
const text = `${JSON.stringify(head).slice(0, -1)},"costs":[\n${lines.join(',\n')}\n]}\n`;
writeFileSync(out, gzipSync(text, { level: 9 }));

function modeOf(text: string): AcceleratorCosts['mode'] {
  if (text === 'inference' || text === 'training') return text;
  return refuse(`--mode: found ${text}, expected inference or training`);
}
