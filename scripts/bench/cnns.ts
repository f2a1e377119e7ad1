// What convolutional networks and their accelerators cost a search: keys and distances of the 1,200 of the proof space, all of their
// 76,800 pairs, and a query of BOSHCODE on a library of 20,000 pairs. In processor time, for the machine may be busy.
import { loadavg } from 'node:os';
import { acceleratorCandidates, drawnNumbers } from '../../src/app/search/device-candidates.ts';
import { boshcode } from '../../src/lab/search/boshcode/boshcode.ts';
import { cnnKey } from '../../src/lab/search/cnn-space/cell-form.ts';
import { cnnDistancesAmong } from '../../src/lab/search/cnn-space/distance.ts';
import { enumerateCnns } from '../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../src/lab/search/cnn-space/space.ts';
import type { PairCandidates } from '../../src/lab/search/contract.ts';
import { candidatesIn } from '../../src/lab/search/families/index.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import type { Price } from '../../src/lab/simulator/price.ts';
import { spaceSize } from '../../src/lab/simulator/space.ts';
import {
  type PairPrices,
  PROOF_ACCELERATORS,
  simulatedPrices,
} from '../search-proof/accelerator-pairs-table.ts';
import { medianOf } from './timing.ts';

const LIBRARY = 20_000;
/** Outcomes that BOSHCODE knows, and queries that are timed from then on. */
const [KNOWN, QUERIES] = [40, 7];

interface CnnBench {
  /** Processor seconds. */
  readonly keysS: number;
  readonly distancesS: number;
  readonly pairsS: number;
  /** Median, with the surrogates fitted anew, and what fills the library before. */
  readonly queryS: number;
  readonly libraryS: number;
  /** Of this process, and before: what the loader of sources and other parts of the benchmark have taken. */
  readonly peakMb: number;
  readonly beforeMb: number;
  /** Of the last minute: what else the machine did. */
  readonly load: number;
}

export function measureCnns(): CnnBench {
  const beforeMb = peakMb();
  const space = readCnnSpace('proof');
  const points = enumerateCnns(space);
  const keysS = processorS(() => points.map(cnnKey));
  const distancesS = processorS(() => {
    const from = cnnDistancesAmong(points);
    for (const i of points.keys()) from(i);
  });
  let prices: PairPrices = [];
  const pairsS = processorS(() => {
    prices = simulatedPrices('cnn', 'inference');
  });
  let library: PairCandidates | undefined;
  const libraryS = processorS(() => {
    library = drawnLibrary();
  });
  return {
    ...{ keysS, distancesS, pairsS, libraryS },
    queryS: library ? queryS(library, prices) : Number.NaN,
    ...{ peakMb: peakMb(), beforeMb },
    load: Math.round(10 * (loadavg()[0] as number)) / 10,
  };
}

function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function drawnLibrary(): PairCandidates {
  const space = readCnnSpace('proof');
  const networks = candidatesIn(space, enumerateCnns(space), 'learned');
  const accelerators = acceleratorCandidates(PROOF_ACCELERATORS.cnn, [
    ...Array(spaceSize(PROOF_ACCELERATORS.cnn)).keys(),
  ]);
  const pairs = drawnNumbers(networks.count * accelerators.count, LIBRARY, 1).map(
    (number) => [Math.floor(number / accelerators.count), number % accelerators.count] as const,
  );
  return pairsOf(networks, accelerators, pairs);
}

/** What is sought is a small product of latency and area: the time of a query does not depend on it. */
function queryS(library: PairCandidates, prices: PairPrices): number {
  const search = boshcode.start(library, boshcode.options.parse({}), 1);
  const next = (): void => {
    for (const { candidate } of search.propose(1)) {
      const [network, accelerator] = library.partsOf(candidate);
      const { latencyS, areaMm2 } = (prices[network] ?? [])[accelerator] as Price;
      search.tell({ candidate, values: [-Math.log(latencyS * areaMm2)] });
    }
  };
  for (let i = 0; i < KNOWN; i++) next();
  return medianOf(Array.from({ length: QUERIES }, () => processorS(next)));
}

function processorS(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

export function cnnTable(bench: CnnBench): string {
  const lines = [
    ['keys of 1,200 networks', bench.keysS],
    ['their 1,440,000 distances', bench.distancesS],
    ['76,800 simulated pairs', bench.pairsS],
    ['a library of 20,000 pairs', bench.libraryS],
    [`a query of boshcode on it, ${KNOWN} known`, bench.queryS],
  ] as const;
  return [
    `Convolutional networks and their accelerators, at a load of ${bench.load}`,
    ...lines.map(([name, seconds]) => `    ${name.padEnd(40)} ${seconds.toFixed(2).padStart(8)} s`),
    `  peak memory of this process ${bench.peakMb} MB, ${bench.beforeMb} of them before`,
    '',
  ].join('\n');
}
