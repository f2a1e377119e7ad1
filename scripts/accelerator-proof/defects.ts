// Faults of AccelTran's own simulator, copied one at a time into a program of ours, to see what each changes. For this table alone.
import type { TiledAccelerator } from '../../src/lab/simulator/accelerator.ts';
import { dynamicJ } from '../../src/lab/simulator/energy.ts';
import { run } from '../../src/lab/simulator/engine.ts';
import { partsOf } from '../../src/lab/simulator/hardware.ts';
import type { Work } from '../../src/lab/simulator/lowering/graph.ts';
import { programOf } from '../../src/lab/simulator/program.ts';
import type { Accesses, Program, ProgramOptions, Task } from '../../src/lab/simulator/task.ts';
import { Zeros } from '../../src/lab/simulator/zeros.ts';

export interface Outcome {
  readonly cycles: number;
  readonly dynamicJ: number;
}

/** Cycles as tables have them. */
export function whole(cycles: number): string {
  return Math.round(cycles).toLocaleString('en');
}

/** Joules as millijoules. */
export function milli(joules: number): string {
  return (1000 * joules).toFixed(4);
}

interface Setup {
  readonly work: Work;
  readonly accelerator: TiledAccelerator;
  readonly options: ProgramOptions;
}

interface Defect {
  readonly number: number;
  readonly says: string;
  readonly mode: 'inference' | 'training';
  readonly copy: (setup: Setup) => Outcome;
}

/** Faults 8, 10, 12 and 13 are not copied. */
export const DEFECTS: readonly Defect[] = [
  defect(1, 'fifo, sparsity units and rounding take nothing', ({ tasks, ...rest }) => ({
    ...rest,
    tasks: tasks.map((task) => (task.unit === 'lane' ? lanesAlone(task, rest.training) : task)),
  })),
  defect(2, 'dataflow and DMA take nothing', (program) =>
    withWork(program, (work) => ({ ...work, dataflow: 0, dma: 0 })),
  ),
  defect(3, 'a tile of a softmax occupies all units of its element', (program) => ({
    ...program,
    units: { ...program.units, softmax: partsOf(program.accelerator, false).norm.count },
  })),
  {
    ...{ number: 4, says: 'zeros of weights save nothing', mode: 'inference' },
    copy: ({ work, accelerator, options }) => {
      const { activation, gradient } = options.zeros.expected;
      const zeros = new Zeros({ weight: 1, activation, gradient });
      return outcome(programOf(work, accelerator, { ...options, zeros }));
    },
  },
  defect(5, 'weights are loaded once for each window', (program) => {
    const times = program.accelerator.batch;
    return {
      ...program,
      data: program.data.map((datum) =>
        datum.buffer === 'weight'
          ? { ...datum, cycles: datum.cycles * times, accesses: scaled(datum.accesses, times) }
          : datum,
      ),
    };
  }),
  defect(6, 'a byte of main memory moves an element of 20 bits', (program) => {
    const faster = (cycles: number): number => Math.ceil((cycles * 8) / 20);
    return {
      ...program,
      data: program.data.map((datum) => ({ ...datum, cycles: faster(datum.cycles) })),
      tasks: program.tasks.map((task) =>
        task.unit === 'memory' ? { ...task, tiles: task.tiles.map(faster) } : task,
      ),
    };
  }),
  defect(7, 'a block holds 64 elements, not 64 bytes', (program) => ({
    ...program,
    data: program.data.map((one) => ({ ...one, accesses: scaled(one.accesses, 8 / 20) })),
    tasks: program.tasks.map((one) => ({ ...one, accesses: scaled(one.accesses, 8 / 20) })),
  })),
  {
    ...defect(9, 'ways back of softmax, norms and feed-forward inputs are missing', (program) => ({
      ...program,
      tasks: program.tasks.map((task) => (isMissing(task) ? free(task) : task)),
    })),
    mode: 'training',
  },
  defect(11, 'sparsity units of all lanes work on each tile', (program) =>
    withWork(program, ({ preSparsity, postSparsity, ...work }) => ({
      ...work,
      preSparsity: preSparsity * program.units.lane,
      postSparsity: postSparsity * program.units.lane,
    })),
  ),
  {
    ...{ number: 14, says: 'the run ends with the last computation', mode: 'inference' },
    copy: ({ work, accelerator, options }) => {
      const program = programOf(work, accelerator, options);
      const done = run(program);
      const ends = program.tasks.map(({ kind }, i) =>
        kind === 'store' ? 0 : (done.spans[i]?.end ?? 0),
      );
      return { cycles: Math.max(...ends), dynamicJ: dynamicJ(program, done) };
    },
  },
];

export function outcome(program: Program): Outcome {
  const done = run(program);
  return { cycles: done.cycles, dynamicJ: dynamicJ(program, done) };
}

function defect(number: number, says: string, change: (program: Program) => Program): Defect {
  const mode = 'inference';
  const copy = ({ work, accelerator, options }: Setup): Outcome =>
    outcome(change(programOf(work, accelerator, options)));
  return { number, says, mode, copy };
}

function lanesAlone(task: Task, training: boolean): Task {
  const beside = 2 + Number(training);
  return {
    ...task,
    tiles: task.tiles.map((cycles) => Math.max(1, cycles - beside)),
    work: { ...task.work, fifo: 0, preSparsity: 0, postSparsity: 0, rounding: 0 },
  };
}

function withWork(program: Program, change: (work: Task['work']) => Task['work']): Program {
  return {
    ...program,
    tasks: program.tasks.map((task) => ({ ...task, work: change(task.work) })),
  };
}

function scaled(accesses: Accesses, factor: number): Accesses {
  const { activation, weight, mask, memory } = accesses;
  return {
    ...{ activation: activation * factor, weight: weight * factor },
    ...{ mask: mask * factor, memory: memory * factor },
  };
}

function isMissing({ name, kind }: Task): boolean {
  if (kind === 'store') return false;
  return name.endsWith('softmax back') || /(norm|feed\d|feed\.output) dX$/.test(name);
}

/** A cycle that costs nothing: what follows still has to wait for it. */
function free(task: Task): Task {
  const none = Object.fromEntries(Object.keys(task.work).map((name) => [name, 0]));
  return {
    ...{ ...task, tiles: Int32Array.of(1), work: none as Task['work'] }, // the same keys
    accesses: scaled(task.accesses, 0),
  };
}
