// What the distance between AccelTran's closed form and a simulation is made of: the faults of the closed form mended in turn.
import type { TiledAccelerator } from '../../src/lab/simulator/accelerator.ts';
import { markdownTable } from '../markdown-table.ts';
import { closedForm, type Fault, MENDED, sum } from './closed-form.ts';
import { milli, type Outcome, whole } from './defects.ts';

interface MendedSetup {
  readonly accelerator: string;
  readonly mode: 'inference' | 'training';
  /** As published, then after each fault of `MENDED`. */
  readonly steps: readonly Outcome[];
  readonly ours: Outcome;
}

export function mendedInTurn(
  accelerator: TiledAccelerator,
  mode: MendedSetup['mode'],
  ours: Outcome,
): MendedSetup {
  const faults = Object.keys(MENDED) as Fault[]; // of its own keys
  const steps = [...faults.keys(), faults.length].map((count): Outcome => {
    const { cycles, joules } = closedForm(accelerator, mode, new Set(faults.slice(0, count)));
    const all = (of: Readonly<Record<string, number>>): number => sum(Object.values(of), (n) => n);
    return { cycles: all(cycles), dynamicJ: all(joules) };
  });
  return { accelerator: accelerator.name, mode, steps, ours };
}

export function mendedSection(setups: readonly MendedSetup[]): string {
  const names = setups.map(({ accelerator, mode }) => `${accelerator}, ${mode}`);
  const row = (name: string, at: number): readonly string[] => [
    name,
    ...setups.flatMap(({ steps, ours }) => {
      const [now, before] = [steps[at] ?? ours, steps[at - 1]];
      return [
        ...changed(now.cycles, before?.cycles, whole),
        ...changed(now.dynamicJ, before?.dynamicJ, milli),
      ];
    }),
  ];
  const mended = Object.values(MENDED);
  const explained = setups.map(({ accelerator, mode, steps, ours }) => {
    const [first, last] = [steps[0] as Outcome, steps.at(-1) as Outcome];
    const share = (of: keyof Outcome): string => {
      const percent = (100 * (first[of] - last[of])) / (first[of] - ours[of]);
      return `${percent.toFixed(0)} %`;
    };
    return `${share('cycles')} of the cycles and ${share('dynamicJ')} of the energy on ${accelerator} in ${mode}`;
  });
  return `The closed form rebuilt from its rules, which gives its published cycles exactly, and its faults mended one after the other, each on top of
those before it; by their numbers where the cycle-stepped mode has them, too:

${markdownTable(
  ['fault, mended', ...names.flatMap((name) => [`${name}: cycles`, '', 'mJ', ''])],
  [
    row('nothing: as published', 0),
    ...mended.map((says, i) => row(says, i + 1)),
    row('all else: ours', mended.length + 1),
  ],
)}

So the mended faults make, of the whole distance, ${explained.join('; ')}. All else
is the difference between a sum and a schedule: ours runs transfers beside products, but makes lanes wait for operands, takes the cycles of
fifos, sparsity units, masks and windows of 32 positions, and the energy of each operand that a lane reads.`;
}

function changed(
  now: number,
  before: number | undefined,
  text: (n: number) => string,
): readonly string[] {
  if (before === undefined) return [text(now), ''];
  const change = text(now - before);
  return [text(now), Number(change.replaceAll(',', '')) > 0 ? `+${change}` : change];
}
