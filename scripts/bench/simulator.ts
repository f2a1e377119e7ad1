// What a simulation costs: BERT-Tiny on Edge beside the twin that steps through every cycle, the default forecaster, and encoders on
// accelerators of the small space.
import { loadavg } from 'node:os';
import { ConfigError } from '../../src/core/errors.ts';
import { encoderBody, forecastNetwork } from '../../src/detectors/networks/forecast.ts';
import { DEFAULT_POINT } from '../../src/detectors/networks/training/options.ts';
import { createRandom } from '../../src/engine/random.ts';
import { enumerate } from '../../src/lab/search/design-space/enumerate.ts';
import { namedSpaces } from '../../src/lab/search/design-space/space.ts';
import { type Accelerator, presets } from '../../src/lab/simulator/accelerator.ts';
import { run } from '../../src/lab/simulator/engine.ts';
import type { Work } from '../../src/lab/simulator/lowering/graph.ts';
import { lower } from '../../src/lab/simulator/lowering/index.ts';
import { small } from '../../src/lab/simulator/presets/acceltran.ts';
import { programOf } from '../../src/lab/simulator/program.ts';
import { USUAL_RULES } from '../../src/lab/simulator/simulate.ts';
import { acceleratorAt, spaceSize } from '../../src/lab/simulator/space.ts';
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
  /** Pairs that were simulated, and those whose network does not fit into the buffers, by what the message says. */
  readonly pairs: number;
  readonly unfit: Readonly<Record<string, number>>;
  /** Peak of the process, and what Node and the bench had taken before the first simulation. */
  readonly peakMb: number;
  readonly beforeMb: number;
  /** Of the last minute: what else the machine did. */
  readonly load: number;
}

const options = { training: false, ...USUAL_RULES };

export function measureSimulator(): SimulatorBench {
  const beforeMb = peakMb();
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
    ...{ peakMb: peakMb(), beforeMb },
    load: Math.round(10 * (loadavg()[0] as number)) / 10,
  };
}

function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
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
function pairs(): Pick<SimulatorBench, 'pairMs' | 'pairs' | 'unfit'> {
  const space = namedSpaces.get('proof');
  if (!space) throw new RangeError('there is no space proof');
  const points = spread(enumerate(space), ENCODERS);
  const random = createRandom(1);
  const numbers = Array.from({ length: ACCELERATORS }, () =>
    Math.floor(random.uniform() * spaceSize(small)),
  );
  const zeros = new Zeros(NO_ZEROS);
  const unfit: Record<string, number> = {};
  const begin = process.cpuUsage();
  for (const point of points) {
    for (const number of numbers) {
      const accelerator = acceleratorAt(small, number);
      const work = forecasterWork(accelerator.batch, point, space.patch, space.rows);
      try {
        run(programOf(work, accelerator, { ...options, zeros }));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const reason = error.message.replace(/\d+/g, 'n');
        unfit[reason] = (unfit[reason] ?? 0) + 1;
      }
    }
  }
  const { user, system } = process.cpuUsage(begin);
  const all = points.length * numbers.length;
  return { pairMs: (user + system) / 1000 / all, pairs: all, unfit };
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
  const { bertTinyMs, engineMs, twinMs, forecasterMs, pairMs, unfit, load } = bench;
  const reasons = Object.entries(unfit).map(([reason, count]) => `\n    ${count}: ${reason}`);
  const failed = Object.values(unfit).reduce((sum, count) => sum + count, 0);
  return `Simulations, processor milliseconds (load ${load}, peak ${bench.peakMb} MB, ${bench.beforeMb} MB of it before the first one)
  BERT-Tiny on Edge, 4 windows        ${bertTinyMs.toFixed(1)}, of which the engine ${engineMs.toFixed(2)}
  the cycle-stepped twin of the engine ${twinMs.toFixed(0)}  ${Math.round(twinMs / engineMs)}x
  the default forecaster on Edge      ${forecasterMs.toFixed(2)}
  a pair of the spaces proof and small ${pairMs.toFixed(2)}; ${failed} of ${bench.pairs} do not fit into the buffers${reasons.join('')}
`;
}
