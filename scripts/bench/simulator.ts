// What a simulation costs: BERT-Tiny on Edge beside the twin that steps through every cycle, the default forecaster, and encoders on
// accelerators of the small space.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
import { BERT_TINY, bertTiny } from '../accelerator-proof/bert-tiny.ts';
import { medianOf } from './timing.ts';

const ROUNDS = 21;
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Encoders, spread over their space, and random accelerators, of which all pairs are timed. */
const [ENCODERS, ACCELERATORS] = [20, 8];
/** What the proof of the search simulates: 812 encoders on 64 accelerators, on two cores. */
const [PROOF_PAIRS, CORES] = [51_968, 2];

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
  /** Peak of `sentigon simulate`, BERT-Tiny on Edge. */
  readonly programMb: number;
  /** Peak of this process, and what Node, its TypeScript and the bench had taken before the first simulation. */
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
  // First, so that the code is compiled when the others are timed, as it is in a search.
  const allPairs = pairs();
  const bertTinyMs = medianMs(ROUNDS, () => run(programOf(bertTiny(4, 'inference'), edge, half)));
  return {
    ...{ bertTinyMs, ...allPairs },
    engineMs: medianMs(ROUNDS, () => run(program)),
    twinMs: medianMs(1, () => stepThrough(program)),
    forecasterMs: medianMs(ROUNDS, () => run(programOf(forecaster, edge, half))),
    ...{ programMb: programMb(), peakMb: peakMb(), beforeMb },
    load: Math.round(10 * (loadavg()[0] as number)) / 10,
  };
}

function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function programMb(): number {
  if (!existsSync(MAIN)) throw new RangeError(`${MAIN} is not there: run npm run build`);
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-bench-'));
  try {
    const design = join(folder, 'bert-tiny.json');
    const shape = { patch: 1, rows: 128, width: 8, horizon: 1 };
    writeFileSync(design, JSON.stringify({ point: BERT_TINY, ...shape }));
    const told = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
    const args = ['--import', `data:text/javascript,${told}`, MAIN, 'simulate', design];
    const { stderr, status } = spawnSync(process.execPath, [...args, '--accelerator', 'edge'], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new RangeError(`simulate ended with ${status}: ${stderr}`);
    return Math.round(Number(stderr) / 1024);
  } finally {
    rmSync(folder, { recursive: true });
  }
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

/**
 * Each with its lowering, without zeros, which is what costs most. They are simulated twice and the second time counts: of tens
 * of thousands the first few, before the code is compiled, make no difference.
 */
function pairs(): Pick<SimulatorBench, 'pairMs' | 'pairs' | 'unfit'> {
  const space = namedSpaces.get('proof');
  if (!space) throw new RangeError('there is no space proof');
  const points = spread(enumerate(space), ENCODERS);
  const random = createRandom(1);
  const numbers = Array.from({ length: ACCELERATORS }, () =>
    Math.floor(random.uniform() * spaceSize(small)),
  );
  const zeros = new Zeros(NO_ZEROS);
  const simulateAll = (): Record<string, number> => {
    const unfit: Record<string, number> = {};
    for (const [point, number] of points.flatMap((one) => numbers.map((n) => [one, n] as const))) {
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
    return unfit;
  };
  const unfit = simulateAll();
  const all = points.length * numbers.length;
  return { pairMs: medianMs(1, simulateAll) / all, pairs: all, unfit };
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
  const allS = (pairMs * PROOF_PAIRS) / CORES / 1000;
  return `Simulations, processor milliseconds (load ${load}; peak of sentigon simulate ${bench.programMb} MB, of this bench ${bench.peakMb} MB, ${bench.beforeMb} MB of it before the first one)
  BERT-Tiny on Edge, 4 windows        ${bertTinyMs.toFixed(1)}, of which the engine ${engineMs.toFixed(2)}
  the cycle-stepped twin of the engine ${twinMs.toFixed(0)}  ${Math.round(twinMs / engineMs)}x
  the default forecaster on Edge      ${forecasterMs.toFixed(2)}
  a pair of the spaces proof and small ${pairMs.toFixed(2)}, or ${PROOF_PAIRS.toLocaleString('en')} on ${CORES} cores ${Math.round(allS)} s; ${failed} of ${bench.pairs} do not fit into the buffers${reasons.join('')}
`;
}
