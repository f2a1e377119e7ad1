// Energy of a run, in joules: what each module and each kind of operation takes, and what leaks. Two ledgers that know nothing
// of each other: by operation from what each task costs, by module from the sums of cycles and accesses.
import { partsOf } from './hardware.ts';
import { BUFFERS, type Buffer, CLOCK_HZ, MEMORIES, MODULES, type ModuleName } from './modules.ts';
import type { Run } from './run.ts';
import { accessJ } from './storage.ts';
import type { Accesses, Program, Task } from './task.ts';

export type OperationName = Task['kind'] | 'load' | 'write back';

export interface OperationEnergy {
  readonly kind: OperationName;
  readonly times: number;
  readonly dynamicJ: number;
}

export interface ModuleEnergy {
  readonly module: ModuleName | `${Buffer} buffer` | 'main memory';
  readonly count: number;
  /**
   * Of all cycles of all such modules. Above 1, which only dataflow and dma can be: an element has one of each for all of its
   * lanes, and the engine does not let lanes wait for them, so that the run would take longer.
   */
  readonly use: number;
  readonly dynamicJ: number;
  /** While they work; of buffers, which hold data all the time, always. Undefined = no published figure. */
  readonly leakageJ: number | undefined;
  /** What they leak, or would without power gating, while nothing works on them. */
  readonly idleLeakageJ: number | undefined;
}

const J_OF_MW_CYCLE = 1e-3 / CLOCK_HZ;

/** What the tasks and the moves took; in the order of their first appearance. */
export function energyByOperation(program: Program, { moves }: Run): OperationEnergy[] {
  const { accelerator, training, tasks, data } = program;
  const parts = Object.entries(partsOf(accelerator, training));
  const sums = new Map<OperationName, { times: number; dynamicJ: number }>();
  const add = (kind: OperationName, joules: number): void => {
    const sum = sums.get(kind) ?? { times: 0, dynamicJ: 0 };
    sums.set(kind, { times: sum.times + 1, dynamicJ: sum.dynamicJ + joules });
  };
  for (const { kind, work, accesses } of tasks) {
    const cycles = parts.reduce(
      (sum, [name, { figures }]) => sum + work[name as ModuleName] * figures.dynamicMw,
      0,
    );
    add(kind, cycles * J_OF_MW_CYCLE + total(accessJ(accesses, accelerator)));
  }
  for (const { kind, datum } of moves) {
    const accesses = data[datum]?.accesses;
    if (accesses) add(kind, total(accessJ(accesses, accelerator)));
  }
  return [...sums].map(([kind, sum]) => ({ kind, ...sum }));
}

/** Of all modules, buffers and main memory. */
export function dynamicJ(program: Program, done: Run): number {
  return energyByModule(program, done).reduce((sum, one) => sum + one.dynamicJ, 0);
}

export function energyByModule(program: Program, run: Run): ModuleEnergy[] {
  const { accelerator, training } = program;
  const parts = partsOf(accelerator, training);
  const there = MODULES.filter((module) => parts[module].count > 0);
  const modules = there.map((module): ModuleEnergy => {
    const { count, figures } = parts[module];
    const busy = program.tasks.reduce((sum, { work }) => sum + work[module], 0);
    const all = count * run.cycles;
    return {
      ...{ module, count, use: all > 0 ? busy / all : 0 },
      dynamicJ: busy * figures.dynamicMw * J_OF_MW_CYCLE,
      leakageJ: Math.min(busy, all) * figures.leakageMw * J_OF_MW_CYCLE,
      idleLeakageJ: Math.max(0, all - busy) * figures.leakageMw * J_OF_MW_CYCLE,
    };
  });
  return [...modules, ...memoriesOf(program, run)];
}

function memoriesOf(program: Program, run: Run): ModuleEnergy[] {
  const { accelerator, tasks, data } = program;
  const all: Accesses = { activation: 0, weight: 0, mask: 0, memory: 0 };
  const add = (accesses: Accesses): void => {
    for (const place of ['activation', 'weight', 'mask', 'memory'] as const) {
      all[place] += accesses[place];
    }
  };
  for (const { accesses } of tasks) add(accesses);
  for (const { datum } of run.moves) {
    const accesses = data[datum]?.accesses;
    if (accesses) add(accesses);
  }
  const joules = accessJ(all, accelerator);
  const buffers = (['activation', 'weight', 'mask'] as const).map(
    (buffer): ModuleEnergy => ({
      ...{ module: `${buffer} buffer`, count: 1, use: run.held[buffer] / program.capacity[buffer] },
      dynamicJ: joules[buffer],
      leakageJ:
        accelerator.bufferMb[buffer] * BUFFERS[buffer].leakageMw * run.cycles * J_OF_MW_CYCLE,
      idleLeakageJ: 0,
    }),
  );
  const { standbyMw, downMw } = MEMORIES[accelerator.memory];
  const { busy } = run.use.memory;
  return [
    ...buffers,
    {
      ...{ module: 'main memory', count: 1, use: run.cycles > 0 ? busy / run.cycles : 0 },
      dynamicJ: joules.memory,
      leakageJ: standbyMw === undefined ? undefined : standbyMw * busy * J_OF_MW_CYCLE,
      idleLeakageJ: downMw === undefined ? undefined : downMw * (run.cycles - busy) * J_OF_MW_CYCLE,
    },
  ];
}

function total(accesses: Accesses): number {
  return accesses.activation + accesses.weight + accesses.mask + accesses.memory;
}
