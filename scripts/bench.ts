// `npm run bench`: the kernels against plain TypeScript, TensorFlow.js and PyTorch, and what the daemon weighs.
// `-- --json` prints one JSON object and nothing else; `-- --encoder` leaves out the GON and the daemon; `-- --drain` measures
// nothing but how fast the outbox empties into Mosquitto; `-- --decision` what the decision costs a row; `-- --search` what a
// query of the searches over points, and of pairs of networks and accelerators, costs; `-- --simulator` what a simulated
// accelerator costs; `-- --efficiency` what products gain that leave small numbers out.
import type { Floats } from '../src/engine/floats.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { plainDiscriminator } from '../src/engine/kernels/plain.ts';
import { cnnTable, measureCnns } from './bench/cnns.ts';
import { decisionTable, measureDecision } from './bench/decision.ts';
import { drainTable, measureDrain } from './bench/drain.ts';
import { efficiencyTable, measureEfficiency } from './bench/efficiency.ts';
import { compareEncoders, encoderTable } from './bench/encoder/compare.ts';
import { measureHeap } from './bench/heap.ts';
import { ownContenders, ownResults } from './bench/own-engines.ts';
import { measureDaemonRss, measureNodeRss } from './bench/rss.ts';
import { measureSearch, searchTable } from './bench/search.ts';
import { measureSimulator, simulatorTable } from './bench/simulator.ts';
import type { Way } from './bench/tensorflow.ts';
import { type Contender, timeAll } from './bench/timing.ts';
import { createStart, type Start, shape } from './bench/workload.ts';
import { commandLine } from './command-line.mjs';

/** Medians, microseconds. */
interface Times {
  readonly kernelUs: number;
  readonly plainUs: number;
  /** TensorFlow.js written by hand to be fast, on its faster backend. */
  readonly tfjsUs: number;
  /** TensorFlow.js as its documentation teaches it, on its faster backend. */
  readonly tfjsAutomaticUs: number;
  readonly relaxedUs: number;
}

const ROUNDS = 101;

const { values: options } = commandLine({
  options: {
    json: { type: 'boolean', default: false },
    encoder: { type: 'boolean', default: false },
    drain: { type: 'boolean', default: false },
    decision: { type: 'boolean', default: false },
    search: { type: 'boolean', default: false },
    simulator: { type: 'boolean', default: false },
    efficiency: { type: 'boolean', default: false },
  },
});
// TensorFlow.js writes to the console; standard output is for results.
console.log = console.error;
console.info = console.error;

// first, as it needs the event loop to itself, and both cores
const isPart = ['encoder', 'drain', 'decision', 'search', 'simulator', 'efficiency'].some(
  (part) => options[part as keyof typeof options],
);
const drain = !isPart || options.drain ? await measureDrain() : undefined;
const decision = !isPart || options.decision ? await measureDecision() : undefined;
const cnns = options.search ? measureCnns() : undefined; // first, for its peak of memory
const search = options.search ? measureSearch() : undefined;
const simulator = options.simulator ? measureSimulator() : undefined;
const efficiency = options.efficiency ? await measureEfficiency() : undefined;
const gon = isPart ? undefined : await measureGon();
const encoder = !isPart || options.encoder ? await compareEncoders() : undefined;
process.stdout.write(options.json ? json() : text());

async function measureGon() {
  const start = createStart();
  const times = await compareEngines(start);
  const heap = measureHeap((await loadKernels('wasm-simd')).discriminator(shape, 1), start);
  const rss = {
    nodeMb: await measureNodeRss(),
    daemonMb: await measureDaemonRss(),
  };
  return { ...times, heap, rss };
}

async function compareEngines(start: Start) {
  const simd = await loadKernels('wasm-simd');
  const relaxed = await loadKernels('wasm-relaxed');
  const engines = {
    kernels: (batch: number) => simd.discriminator(shape, batch),
    relaxed: (batch: number) => relaxed.discriminator(shape, batch),
    plain: (batch: number) => plainDiscriminator(shape, batch, Float64Array),
  };
  const reference = ownResults(engines.plain, start);
  requireAgreement('kernels', ownResults(engines.kernels, start), reference);
  requireAgreement('relaxed', ownResults(engines.relaxed, start), reference);
  const own = [
    ownContenders('kernels', engines.kernels, start, 4),
    ownContenders('relaxed', engines.relaxed, start, 4),
    ownContenders('plain', engines.plain, start, 1),
  ];
  const ownTimes = await timeBoth(own);
  // Loaded only now: whatever TensorFlow.js changes on being imported, plain TypeScript is 30 % slower afterwards.
  const { tensorflowContenders } = await import('./bench/tensorflow.ts');
  const rivals = await tensorflowContenders(start);
  for (const { score, results } of rivals) requireAgreement(score.name, await results(), reference);
  const rivalTimes = await timeBoth([own[0] as Timed, ...rivals]);
  const namesOf = (way: Way) =>
    rivals.filter((rival) => rival.way === way).map(({ score }) => score.name);
  const names = { byHand: namesOf('by hand'), automatic: namesOf('automatic') };
  return {
    gonScore: timesOf(ownTimes.score, rivalTimes.score, names),
    trainStep: timesOf(ownTimes.train, rivalTimes.train, names),
  };
}

interface Timed {
  readonly score: Contender;
  readonly train: Contender;
}

async function timeBoth(contenders: readonly Timed[]) {
  return {
    score: await timeAll(
      contenders.map(({ score }) => score),
      ROUNDS,
    ),
    train: await timeAll(
      contenders.map(({ train }) => train),
      ROUNDS,
    ),
  };
}

/** A rival that computes something else would prove nothing. */
function requireAgreement(
  name: string,
  actual: { window: Floats; loss: number },
  expected: { window: Floats; loss: number },
): void {
  let furthest = 0;
  for (const [j, value] of expected.window.entries()) {
    furthest = Math.max(furthest, Math.abs((actual.window[j] as number) - value));
  }
  if (furthest < 1e-4 && Math.abs(actual.loss - expected.loss) < 1e-4) return;
  throw new Error(
    `${name} arrives elsewhere: z by ${furthest}, loss ${actual.loss} instead of ${expected.loss}`,
  );
}

function timesOf(
  own: ReadonlyMap<string, number>,
  rivals: ReadonlyMap<string, number>,
  names: { byHand: readonly string[]; automatic: readonly string[] },
): Times {
  const us = (name: string) => rounded(own.get(name) as number);
  const fastest = (of: readonly string[]) =>
    rounded(Math.min(...of.map((name) => rivals.get(name) as number)));
  return {
    kernelUs: us('kernels'),
    plainUs: us('plain'),
    tfjsUs: fastest(names.byHand),
    tfjsAutomaticUs: fastest(names.automatic),
    relaxedUs: us('relaxed'),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function text(): string {
  return [
    !isPart || options.drain ? drainTable(drain) : '',
    decision ? decisionTable(decision) : '',
    cnns ? cnnTable(cnns) : '',
    search ? searchTable(search) : '',
    simulator ? simulatorTable(simulator) : '',
    efficiency ? efficiencyTable(efficiency) : '',
    gon ? table(gon) : '',
    encoder ? encoderTable(encoder) : '',
  ].join('');
}

function json(): string {
  if (!gon)
    return `${JSON.stringify({ drain, decision, cnns, search, simulator, efficiency, encoder })}\n`;
  const { gonScore, trainStep, heap, rss } = gon;
  const heapGrowthMb = Math.round(heap.heapGrowthMb * 1000) / 1000;
  return `${JSON.stringify({ gonScore, trainStep, rss, heapGrowthMb, drain, decision, encoder })}\n`;
}

function table({ gonScore, trainStep, heap, rss }: Awaited<ReturnType<typeof measureGon>>): string {
  const { windowsPerS, heapGrowthMb } = heap;
  const times = (label: string, { kernelUs, ...others }: Times) => {
    const line = (name: string, us: number) =>
      `    ${name.padEnd(24)} ${us.toFixed(1).padStart(9)} us  ${rounded(us / kernelUs)}x`;
    return [
      `  ${label}`,
      line('kernels', kernelUs),
      line('kernels, relaxed SIMD', others.relaxedUs),
      line('plain TypeScript', others.plainUs),
      line('TensorFlow.js by hand', others.tfjsUs),
      line('TensorFlow.js automatic', others.tfjsAutomaticUs),
    ].join('\n');
  };
  return `Medians of ${ROUNDS} samples, the engines taking turns; ${shape.inputs}-${shape.hidden1}-${shape.hidden2}-1
${times('one window, 50 steps', gonScore)}
${times('training step, 64 real windows and 64 fakes', trainStep)}
  100,000 windows: ${Math.round(windowsPerS)} windows/s, heap growth ${heapGrowthMb.toFixed(3)} MB
  peak memory: daemon ${rss.daemonMb} MB, bare Node ${rss.nodeMb} MB
`;
}
