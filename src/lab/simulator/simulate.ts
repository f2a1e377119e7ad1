// One network on one accelerator: cycles, energy, area, and where the time goes. Simulated, every figure of it.
import type { Accelerator } from './accelerator.ts';
import {
  energyByModule,
  energyByOperation,
  type ModuleEnergy,
  type OperationEnergy,
} from './energy.ts';
import { run } from './engine.ts';
import { areaMm2, peakOpsPerS } from './hardware.ts';
import type { Work } from './lowering/graph.ts';
import { CLOCK_HZ } from './modules.ts';
import { programOf } from './program.ts';
import { type Run, STALLS, type Use } from './run.ts';
import type { Program, Task, Unit } from './task.ts';
import type { LaneModel } from './tiles.ts';
import type { Zeros } from './zeros.ts';

export interface SimulationOptions {
  readonly mode: 'inference' | 'training';
  /** Loops of products, outermost first, e.g. bijk. */
  readonly order: string;
  readonly lanes: LaneModel;
  readonly zeros: Zeros;
}

/** Order and lanes where nothing is said. */
export const USUAL_RULES = { order: 'bijk', lanes: 'window-32' } as const;

export interface Simulation {
  readonly simulated: true;
  readonly cycles: number;
  readonly latencyS: number;
  readonly areaMm2: number;
  /** Multiplications: issued and skipped are all; padded ones are those of tiles that are not full. */
  readonly macs: Readonly<Record<'all' | 'issued' | 'skipped' | 'padded', number>>;
  readonly energy: {
    readonly dynamicJ: number;
    /** Without main memory where it has no published figure. */
    readonly leakageJ: number;
    readonly modules: readonly ModuleEnergy[];
    readonly operations: readonly OperationEnergy[];
  };
  /** No run can take fewer. */
  readonly bounds: Readonly<Record<'compute' | 'memory' | 'path', number>>;
  /** Cycles with each model of a lane, the others being equal. */
  readonly laneCycles: Readonly<Record<LaneModel, number>>;
  readonly use: Readonly<Record<Unit, Use>>;
  readonly stalls: readonly { readonly reason: (typeof STALLS)[number]; readonly cycles: number }[];
  readonly timeline: readonly TimelineEntry[];
}

export interface TimelineEntry {
  readonly name: string;
  readonly kind: Task['kind'] | 'load' | 'write back';
  readonly unit: Unit;
  readonly begin: number;
  readonly end: number;
}

/** Throws `ConfigError` where the network does not fit into the buffers. */
export function simulate(
  work: Work,
  accelerator: Accelerator,
  { mode, order, lanes, zeros }: SimulationOptions,
): Simulation {
  const training = mode === 'training';
  const programFor = (model: LaneModel): Program =>
    programOf(work, accelerator, { training, zeros, lanes: model, order });
  const program = programFor(lanes);
  const done = run(program);
  const cyclesOf = (model: LaneModel): number =>
    model === lanes ? done.cycles : run(programFor(model)).cycles;
  return {
    ...{ simulated: true, cycles: done.cycles, latencyS: done.cycles / CLOCK_HZ },
    ...{ areaMm2: areaMm2(accelerator, training), macs: macsOf(program) },
    energy: energyOf(program, done),
    bounds: boundsOf(program, done),
    laneCycles: {
      packed: cyclesOf('packed'),
      'per-output': cyclesOf('per-output'),
      'window-32': cyclesOf('window-32'),
    },
    use: done.use,
    stalls: STALLS.map((reason, i) => ({ reason, cycles: done.stalls[i] ?? 0 })),
    timeline: timelineOf(program, done),
  };
}

/** Cycles and energy alone, e.g. to compare many accelerators or orders. Throws as `simulate`. */
export function costsOf(
  work: Work,
  accelerator: Accelerator,
  { mode, ...options }: SimulationOptions,
): Pick<Simulation, 'cycles'> & Pick<Simulation['energy'], 'dynamicJ' | 'leakageJ'> {
  const program = programOf(work, accelerator, { ...options, training: mode === 'training' });
  const done = run(program);
  const { dynamicJ, leakageJ } = energyOf(program, done);
  return { cycles: done.cycles, dynamicJ, leakageJ };
}

function macsOf({ tasks }: Program): Simulation['macs'] {
  const sum = (of: 'macs' | 'issued' | 'padded'): number =>
    tasks.reduce((all, task) => all + task[of], 0);
  const [all, issued] = [sum('macs'), sum('issued')];
  return { all, issued, skipped: all - issued, padded: sum('padded') - all };
}

function energyOf(program: Program, done: Run): Simulation['energy'] {
  const modules = energyByModule(program, done);
  const gated = program.accelerator.powerGating;
  return {
    dynamicJ: modules.reduce((sum, { dynamicJ }) => sum + dynamicJ, 0),
    leakageJ: modules.reduce((sum, { module, leakageJ = 0, idleLeakageJ = 0 }) => {
      // Power gating reaches modules; a main memory is powered down, which takes some.
      const isIdleOn = !gated || module === 'main memory';
      return sum + leakageJ + (isIdleOn ? idleLeakageJ : 0);
    }, 0),
    modules,
    operations: energyByOperation(program, done),
  };
}

/** Of compute, of main memory, and of the longest path of tasks, each of which takes at least its longest tile. */
function boundsOf({ tasks, accelerator }: Program, done: Run): Simulation['bounds'] {
  const issued = tasks.reduce((sum, task) => sum + task.issued, 0);
  const perCycle = peakOpsPerS(accelerator) / 2 / CLOCK_HZ;
  const ends = new Float64Array(tasks.length);
  const made = new Map<number, number>();
  let path = 0;
  for (const [i, { tiles, reads, writes, after }] of tasks.entries()) {
    const begin = Math.max(0, ends[after] ?? 0, ...reads.map((datum) => made.get(datum) ?? 0));
    ends[i] = begin + tiles.reduce((most, cycles) => Math.max(most, cycles), 0);
    if (writes >= 0) made.set(writes, ends[i] as number);
    path = Math.max(path, ends[i] as number);
  }
  return { compute: Math.ceil(issued / perCycle - 1e-6), memory: done.use.memory.busy, path };
}

function timelineOf({ tasks, data }: Program, { spans, moves }: Run): readonly TimelineEntry[] {
  const work = tasks.map(({ name, kind, unit }, i): TimelineEntry => {
    const { begin, end } = spans[i] as Run['spans'][number];
    return { name, kind, unit, begin, end };
  });
  const moved = moves.map(({ datum, kind, begin, end }): TimelineEntry => {
    return { name: data[datum]?.name ?? '', kind, unit: 'memory', begin, end };
  });
  return [...work, ...moved].sort((a, b) => a.begin - b.begin);
}
