// What a simulation costs: BERT-Tiny on Edge beside the twin that steps through every cycle, the default forecaster, and encoders on
// accelerators of the small space.
import { loadavg } from 'node:os';
import { encoderBody, forecastNetwork } from '../../src/detectors/networks/forecast.ts';
import { DEFAULT_POINT } from '../../src/detectors/networks/training/options.ts';
import { createRandom } from '../../src/engine/random.ts';
import { enumerate } from '../../src/lab/search/design-space/enumerate.ts';
import { namedSpaces } from '../../src/lab/search/design-space/space.ts';
import { type Accelerator, presets } from '../../src/lab/simulator/accelerator.ts';
import { run } from '../../src/lab/simulator/engine.ts';
import type { Work } from '../../src/lab/simulator/lowering/graph.ts';
import { lower } from '../../src/lab/simulator/lowering/index.ts';
import { programOf } from '../../src/lab/simulator/program.ts';
import { SMALL_SIZE, smallAccelerator } from '../../src/lab/simulator/space.ts';
import { NO_ZEROS, PUBLISHED_ZEROS, Zeros } from '../../src/lab/simulator/zeros.ts';
import { stepThrough } from '../../test/lab/simulator/cycle-stepped.ts';
import { bertTiny } from '../accelerator-proof/bert-tiny.ts';
import { medianOf } from './timing.ts';

const ROUNDS = 21;
/** Encoders, spread over their space, and random accelerators, of which all pairs are timed. */
const [ENCODERS, ACCELERATORS] = [20, 8];

interface SimulatorBench {
  readonly bertTinyMs: number;
  /** The engine alone, and its twin on the same program. */
  readonly engineMs: number;
  readonly twinMs: number;
  readonly forecasterMs: number;
  readonly pairMs: number;
  /** Share of the pairs whose network fits into the buffers. */
  readonly fits: number;
  readonly peakMb: number;
  /** Of the last minute: what else the machine did. */
  readonly load: number;
}

const options = { training: false, lanes: 'window-32', order: 'bijk' } as const;

export function measureSimulator(): SimulatorBench {
  const edge = presets.get('edge') as Accelerator;
  const half = { ...options, zeros: new Zeros(PUBLISHED_ZEROS) };
  const program = programOf(bertTiny(4, 'inference'), edge, half);
  const forecaster = forecasterWork(1);
  const bertTinyMs = medianMs(ROUNDS, () => run(programOf(bertTiny(4, 'inference'), edge, half)));
  return {
    bertTinyMs,
    engineMs: medianMs(ROUNDS, () => run(program)),
    twinMs: medianMs(1, () => stepThrough(program)),
    forecasterMs: medianMs(ROUNDS, () => run(programOf(forecaster, edge, half))),
    ...pairs(),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    load: Math.round(10 * (loadavg()[0] as number)) / 10,
  };
}

function forecasterWork(windows: number, point = DEFAULT_POINT, patch = 4, rows = 32): Work {
  const { tape, output } = forecastNetwork(
    encoderBody({ point, patch }),
    { rows, horizon: 1 },
    8,
    windows,
  );
  return lower({ tape, outputs: [output] });
}

/** Each with its lowering, without zeros, which is what costs most. */
function pairs(): Pick<SimulatorBench, 'pairMs' | 'fits'> {
  const space = namedSpaces.get('proof');
  if (!space) throw new RangeError('there is no space proof');
  const points = spread(enumerate(space), ENCODERS);
  const random = createRandom(1);
  const numbers = Array.from({ length: ACCELERATORS }, () =>
    Math.floor(random.uniform() * SMALL_SIZE),
  );
  const zeros = new Zeros(NO_ZEROS);
  let fits = 0;
  const begin = process.cpuUsage();
  for (const point of points) {
    for (const number of numbers) {
      const accelerator = smallAccelerator(number);
      const work = forecasterWork(accelerator.batch, point, space.patch, space.rows);
      try {
        run(programOf(work, accelerator, { ...options, zeros }));
        fits += 1;
      } catch {
        // it does not fit into the buffers, which takes time as well
      }
    }
  }
  const { user, system } = process.cpuUsage(begin);
  const all = points.length * numbers.length;
  return { pairMs: (user + system) / 1000 / all, fits: fits / all };
}

function spread<T>(all: readonly T[], count: number): readonly T[] {
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] as T);
}

/** Processor time, for the machine may be busy. */
function medianMs(rounds: number, work: () => unknown): number {
  return medianOf(
    Array.from({ length: rounds }, () => {
      const begin = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    }),
  );
}

export function simulatorTable(bench: SimulatorBench): string {
  const { bertTinyMs, engineMs, twinMs, forecasterMs, pairMs, fits, peakMb, load } = bench;
  return `Simulations, processor milliseconds (load ${load}, peak ${peakMb} MB)
  BERT-Tiny on Edge, 4 windows        ${bertTinyMs.toFixed(1)}, of which the engine ${engineMs.toFixed(2)}
  the cycle-stepped twin of the engine ${twinMs.toFixed(0)}  ${Math.round(twinMs / engineMs)}x
  the default forecaster on Edge      ${forecasterMs.toFixed(2)}
  a pair of the spaces proof and small ${pairMs.toFixed(2)}; ${(100 * fits).toFixed(0)} % fit into the buffers
`;
}
