// What each design of the proof space would cost on each device of which speed and power are known: modelled from
// operations timed on this machine once. Writes the costs beside the trained designs.
//   npx tsx scripts/proof-pairs.ts [--out results/search/proof-pairs.json]
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadKernels } from '../src/engine/kernels/load.ts';
import type { Device } from '../src/lab/profiler/devices.ts';
import { devices } from '../src/lab/profiler/devices.ts';
import { thisHost } from '../src/lab/profiler/host.ts';
import { modelledPredictor } from '../src/lab/profiler/modelled-device.ts';
import { timeThisMachine } from '../src/lab/profiler/timed-machine.ts';
import { readSpace } from '../src/lab/search/design-space/space.ts';
import { pointOf, proofDesigns } from '../src/lab/search/proof/proof-space.ts';
import { commandLine } from './command-line.mjs';
import type { Cost, DeviceCosts } from './search-proof/device-pairs-table.ts';

const { rows, patch } = readSpace('proof');
/** Windows of the trained designs: ASD has 19 channels, and one row is forecast. */
const WINDOW = { rows, width: 19, patch, horizon: 1 };
const DIGITS = 4;

const { values } = commandLine({
  options: {
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../results/search/proof-pairs.json', import.meta.url)),
    },
  },
});

const signal = new AbortController().signal;
const machine = await timeThisMachine(await loadKernels(), thisHost, signal);
const designs = proofDesigns().map((layers) => ({
  network: { point: pointOf(layers), ...WINDOW },
}));

/** Nothing where the power of the device is not known. */
function costsOn(device: Device): readonly Cost[] {
  return modelledPredictor(device, machine)
    .predict(designs)
    .flatMap(({ p50S, energyJ, peakPowerW }): Cost[] =>
      p50S && energyJ && peakPowerW
        ? [[rounded(p50S.mean), rounded(energyJ.mean), rounded(peakPowerW.mean)]]
        : [],
    );
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

const known = [...devices.values()]
  .map((device) => ({ device, costs: costsOn(device) }))
  .filter(({ costs }) => costs.length === designs.length);
const head: Omit<DeviceCosts, 'costs'> = {
  command: 'npx tsx scripts/proof-pairs.ts',
  source: `modelled from operations timed at ${(machine.clockHz / 1e9).toFixed(2)} GHz`,
  devices: known.map(({ device }) => device.kind),
};
const lines = designs.map((_, design) => JSON.stringify(known.map(({ costs }) => costs[design])));
const begin = JSON.stringify(head).slice(0, -1);
writeFileSync(values.out, `${begin},"costs":[\n${lines.join(',\n')}\n]}\n`);
