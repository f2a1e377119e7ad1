// What the distance between AccelTran's closed form and a simulation is made of: the faults of the closed form mended in turn, and
// what remains, part by part, from the ledger of the simulation.
import type { TiledAccelerator } from '../../src/lab/simulator/accelerator.ts';
import { energyByModule, type ModuleEnergy } from '../../src/lab/simulator/energy.ts';
import { run } from '../../src/lab/simulator/engine.ts';
import type { Run } from '../../src/lab/simulator/run.ts';
import { accessJ } from '../../src/lab/simulator/storage.ts';
import type { Program, Unit } from '../../src/lab/simulator/task.ts';
import { markdownTable } from '../markdown-table.ts';
import { type ClosedForm, closedForm, type Fault, MENDED, sum } from './closed-form.ts';
import { milli, type Outcome, whole } from './defects.ts';

/** A part of the energy or of the cycles: of the closed form, all faults mended, and of ours. */
interface RestPart {
  readonly part: string;
  readonly mended: number;
  readonly ours: number;
}

interface MendedSetup {
  readonly accelerator: string;
  readonly mode: 'inference' | 'training';
  readonly publishedMj: number | undefined;
  /** As rebuilt, then after each fault of `MENDED`. */
  readonly steps: readonly Outcome[];
  readonly ours: Outcome;
  /** Joules; they sum to those of the last step, and to ours. */
  readonly energy: readonly RestPart[];
  /** Cycles, of ours those that a unit works in the mean; they sum to the last step, but not to ours, where units work at once. */
  readonly cycles: readonly RestPart[];
}

export function mendedInTurn(
  accelerator: TiledAccelerator,
  mode: MendedSetup['mode'],
  program: Program,
  publishedMj?: number,
): MendedSetup {
  const faults = Object.keys(MENDED) as Fault[]; // of its own keys
  const forms = [...faults.keys(), faults.length].map((count) =>
    closedForm(accelerator, mode, new Set(faults.slice(0, count))),
  );
  const steps = forms.map(({ cycles, joules }) => ({
    cycles: total(Object.values(cycles)),
    dynamicJ: total(Object.values(joules)),
  }));
  const last = forms.at(-1) as ClosedForm; // at least one
  const done = run(program);
  const modules = energyByModule(program, done);
  const ours = { cycles: done.cycles, dynamicJ: sum(modules, (one) => one.dynamicJ) };
  return {
    ...{ accelerator: accelerator.name, mode, publishedMj, steps, ours },
    energy: energyParts(last, modules, program),
    cycles: cycleParts(last.cycles, program, done),
  };
}

/** What the closed form counts together, beside lanes, main memory and buffers. */
const MODULES_OF = {
  sparsity: { name: 'sparsity units', modules: ['preSparsity', 'postSparsity'] },
  others: {
    name: 'DMA, fifos, dataflow, rounding',
    modules: ['dma', 'fifo', 'dataflow', 'rounding'],
  },
  softmax: { name: 'softmax units', modules: ['softmax'] },
  norms: { name: 'norm units', modules: ['norm'] },
} as const satisfies Partial<
  Record<keyof ClosedForm['joules'], { name: string; modules: readonly ModuleEnergy['module'][] }>
>;

/** Of buffers the closed form has stores alone, of main memory loads alone; of lanes it has products and non-linearities. */
function energyParts(
  { joules, cycles }: ClosedForm,
  modules: readonly ModuleEnergy[],
  { tasks, accelerator }: Program,
): readonly RestPart[] {
  const of = (names: readonly ModuleEnergy['module'][]): number =>
    sum(modules, ({ module, dynamicJ }) => (names.includes(module) ? dynamicJ : 0));
  const [lanes, memory] = [of(['lane']), of(['main memory'])];
  const buffers = of(['activation buffer', 'weight buffer', 'mask buffer']);
  const products = tasks.filter(({ kind }) => kind === 'product');
  const laneCycles = (some: Program['tasks']): number => sum(some, ({ work }) => work.lane);
  const inProducts = lanes * (laneCycles(products) / laneCycles(tasks));
  const published = joules.lanes * (cycles.products / (cycles.products + cycles.functions));
  const accessed = tasks.map(({ kind, accesses }) => ({ kind, ...accessJ(accesses, accelerator) }));
  const out = sum(accessed, (one) => one.memory);
  const read = sum(accessed, ({ kind, activation, weight, mask }) =>
    kind === 'store' ? 0 : activation + weight + mask,
  );
  return [
    { part: 'buffers: operands that units read', mended: 0, ours: read },
    { part: 'buffers: what is loaded or stored', mended: joules.buffers, ours: buffers - read },
    { part: 'lanes: products', mended: published, ours: inProducts },
    { part: 'lanes: all else', mended: joules.lanes - published, ours: lanes - inProducts },
    { part: 'main memory: what goes out', mended: 0, ours: out },
    { part: 'main memory: all else', mended: joules.memory, ours: memory - out },
    ...Object.entries(MODULES_OF).map(([part, { name, modules: own }]) => ({
      ...{ part: name, ours: of(own) },
      mended: joules[part as keyof typeof MODULES_OF], // of its own keys
    })),
  ];
}

function cycleParts(
  cycles: ClosedForm['cycles'],
  { units }: Program,
  { use }: Run,
): readonly RestPart[] {
  const ours = (unit: Unit): number => use[unit].busy / units[unit];
  return [
    { part: 'lanes', mended: cycles.products + cycles.functions, ours: ours('lane') },
    { part: 'main memory', mended: cycles.embedding + cycles.weights, ours: ours('memory') },
    { part: 'stores', mended: cycles.stores, ours: ours('store') },
    { part: 'softmax units', mended: cycles.softmax, ours: ours('softmax') },
    { part: 'norm units', mended: cycles.norms, ours: ours('norm') },
  ];
}

function total(all: readonly number[]): number {
  return sum(all, (one) => one);
}

export function mendedSection(setups: readonly MendedSetup[]): string {
  const names = setups.map(({ accelerator, mode }) => `${accelerator}, ${mode}`);
  const row = (name: string, at: number): readonly string[] => [
    name,
    ...setups.flatMap(({ steps, ours }) => {
      const [now, before] = [steps[at] ?? ours, steps[at - 1]];
      return [
        changed(now.cycles, before?.cycles, whole),
        changed(now.dynamicJ, before?.dynamicJ, milli),
      ];
    }),
  ];
  const mended = Object.values(MENDED);
  const heads = (units: readonly string[]): readonly string[] =>
    names.flatMap((name) => units.map((unit) => `${name}: ${unit}`));
  return `The closed form rebuilt from its rules, and its faults mended one after the other, each on top of those before it; by their numbers where the
cycle-stepped mode has them, too.
${rebuiltText(setups)}

${markdownTable(
  ['fault, mended', ...heads(['cycles', 'mJ'])],
  [
    row('none: rebuilt', 0),
    ...mended.map((says, i) => row(says, i + 1)),
    row('all else: ours', mended.length + 1),
  ],
)}

Once all are mended there remain, ours less the closed form, ${setups.map(restText).join('; ')}. The energy by parts:

${restTable(setups, heads(['mended', 'ours']), 'energy', milli)}

Cycles cannot be taken apart so: the closed form sums those of its parts, but ours is a schedule, whose units work at the same time and wait
for each other. Here are the parts of that sum, and what a unit of ours works in the mean:

${restTable(setups, heads(['mended', 'ours']), 'cycles', whole)}

How much of what remains is waiting, and how much work at the same time saves, is not measured.`;
}

/** How far it is from what is published. */
function rebuiltText(setups: readonly MendedSetup[]): string {
  const known = setups.flatMap(({ accelerator, mode, publishedMj, steps: [rebuilt] }) =>
    publishedMj === undefined || !rebuilt
      ? []
      : [
          `${milli(rebuilt.dynamicJ)} for ${publishedMj.toFixed(4)} mJ on ${accelerator} in ${mode}`,
        ],
  );
  const lacking = setups.filter(({ publishedMj }) => publishedMj === undefined);
  const unknown = lacking.map(({ accelerator, mode }) => `${accelerator} in ${mode}`).join(', ');
  return `Its cycles are those published; its energy is ${known.join(', ')}${unknown && `, and none is published of ${unknown}`}.`;
}

function restText({ accelerator, mode, steps, ours }: MendedSetup): string {
  const last = steps.at(-1) as Outcome; // at least one
  return `${changeText(ours.cycles, last.cycles, whole)} cycles and ${changeText(ours.dynamicJ, last.dynamicJ, milli)} mJ on ${accelerator} in ${mode}`;
}

function restTable(
  setups: readonly MendedSetup[],
  heads: readonly string[],
  of: 'energy' | 'cycles',
  text: (n: number) => string,
): string {
  const parts = setups[0]?.[of] ?? [];
  return markdownTable(
    ['part', ...heads],
    parts.map(({ part }, i) => [
      part,
      ...setups.flatMap((setup) => {
        const { mended, ours } = setup[of][i] as RestPart; // the same parts for each
        return [text(mended), changed(ours, mended, text)];
      }),
    ]),
  );
}

/** With the change in brackets. */
function changed(now: number, before: number | undefined, text: (n: number) => string): string {
  return before === undefined ? text(now) : `${text(now)} (${changeText(now, before, text)})`;
}

function changeText(now: number, before: number, text: (n: number) => string): string {
  const change = text(now - before);
  return Number(change.replaceAll(',', '')) > 0 ? `+${change}` : change;
}
