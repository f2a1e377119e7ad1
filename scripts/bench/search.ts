// What a query of each search over points costs, and the hypervolume of a front. In processor time, for the machine may be busy.
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../src/engine/random.ts';
import { breathe } from '../../src/lab/search/breathe/breathe.ts';
import { hypervolume } from '../../src/lab/search/front.ts';
import type {
  Measured,
  Point,
  PointMethod,
  PointProblem,
} from '../../src/lab/search/points/contract.ts';
import { pointMethods } from '../../src/lab/search/points/index.ts';
import { memoryOf } from '../process-figures.ts';
import { medianOf } from './timing.ts';

const VARIABLES = 30;
/** Outcomes that a method knows, and queries that are timed from then on. */
const [KNOWN, QUERIES] = [200, 11];
const FRONT = 100;

interface SearchBench {
  /** Median by method, processor milliseconds, with the surrogates fitted anew. */
  readonly queryMs: Readonly<Record<string, number>>;
  /** By the number of objectives. */
  readonly hypervolumeMs: Readonly<Record<number, number>>;
  /** Of a process of its own, after the queries of ours; carries tsx. */
  readonly peakMb: number;
  /** Of the last minute: what else the machine did. */
  readonly load: number;
}

const problem: PointProblem = {
  variables: Array.from({ length: VARIABLES }, () => ({ kind: 'real', least: 0, most: 1 })),
  ...{ objectives: 2, constraints: 2 },
};

/** ZDT1 with two constraints. */
function measured([first = 0, ...rest]: Point): Measured {
  const g = 1 + (9 * rest.reduce((sum, x) => sum + x, 0)) / rest.length;
  return {
    objectives: [first, g * (1 - Math.sqrt(first / g))],
    constraints: [g - 6, (rest[0] as number) - 0.8],
  };
}

export function measureSearch(): SearchBench {
  const ours = { [breathe.kind]: queryMs(breathe as PointMethod) };
  const rivals = [...pointMethods.values()].filter(
    ({ kind, mostObjectives: most }) =>
      kind !== breathe.kind && problem.objectives <= (most ?? problem.objectives),
  );
  return {
    queryMs: { ...ours, ...Object.fromEntries(rivals.map((one) => [one.kind, queryMs(one)])) },
    hypervolumeMs: Object.fromEntries([2, 3, 4].map((count) => [count, hypervolumeMs(count)])),
    peakMb: peakOfOurs(),
    load: Math.round(10 * (loadavg()[0] as number)) / 10,
  };
}

const SELF = fileURLToPath(import.meta.url);

function peakOfOurs(): number {
  const output = execFileSync(process.execPath, ['--import', 'tsx', SELF], { encoding: 'utf8' });
  return Number(output);
}

if (process.argv[1] === SELF) {
  queryMs(breathe as PointMethod);
  console.log(Math.round(memoryOf('self').peakMb));
}

function queryMs(method: PointMethod): number {
  const hasStart = 'initial' in (method.options.parse({}) as object);
  // Sobol points up to there: the time of a query depends on how many are known, not on which
  const options = method.options.parse(hasStart ? { initial: KNOWN } : {});
  const search = method.start(problem, options, 1);
  const next = (): void => {
    for (const { point } of search.propose(1)) search.tell({ point, runs: [measured(point)] });
  };
  for (let i = 0; i < KNOWN + 1; i++) next();
  return medianOf(Array.from({ length: QUERIES }, () => processorMs(next)));
}

/** Points on a sphere, none of which dominates another. */
function hypervolumeMs(objectives: number): number {
  const random = createRandom(1);
  const front = Array.from({ length: FRONT }, () => {
    const direction = Array.from({ length: objectives }, () => Math.abs(random.normal()));
    return direction.map((x) => x / Math.hypot(...direction));
  });
  const reference = new Array<number>(objectives).fill(1.1);
  return medianOf(
    Array.from({ length: QUERIES }, () => processorMs(() => void hypervolume(front, reference))),
  );
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export function searchTable({ queryMs, hypervolumeMs, peakMb, load }: SearchBench): string {
  const lines = (of: Readonly<Record<string, number>>) =>
    Object.entries(of).map(
      ([name, ms]) => `    ${name.padEnd(24)} ${ms.toFixed(1).padStart(9)} ms`,
    );
  return [
    `A query with ${KNOWN} outcomes of ${VARIABLES} variables, two objectives, two constraints, at a load of ${load}`,
    ...lines(queryMs),
    `  hypervolume of ${FRONT} points, by the number of objectives`,
    ...lines(hypervolumeMs),
    `  peak memory of a process with the queries of ours alone ${peakMb} MB`,
    '',
  ].join('\n');
}
