// A simulation as tables of a terminal.
import type { ModuleEnergy } from '../../lab/simulator/energy.ts';
import { kindOf } from '../../lab/simulator/hardware.ts';
import { MEMORIES } from '../../lab/simulator/modules.ts';
import { withoutStandby } from '../../lab/simulator/price.ts';
import { LANE_MODELS } from '../../lab/simulator/tiles.ts';
import { duration, short } from '../search/costs.ts';
import { textTable } from '../text-table.ts';
import type { SimulationFile } from './simulation-file.ts';

export function simulationText(file: SimulationFile): string {
  const { network, accelerator, windows, mode, simulation } = file;
  const parts = [
    `${network} on ${accelerator.name}: ${mode}, ${windows} ${windows === 1 ? 'window' : 'windows'} together; every figure is simulated`,
    table(factsOf(file), false),
    table(usesOf(file), true),
    table(stallsOf(file), true),
    table(modulesOf(simulation.energy.modules), true),
    table(
      [
        ['operation', 'times', 'energy'],
        ...simulation.energy.operations.map((one) => [
          one.kind,
          whole(one.times),
          joules(one.dynamicJ),
        ]),
      ],
      true,
    ),
  ];
  if (file.orders) parts.push(table(ordersOf(file.orders), true));
  return `${parts.join('\n\n')}\n`;
}

/** Modules that would have to work for longer than the run; see `ModuleEnergy.use`. */
function overused(modules: readonly ModuleEnergy[]): string[][] {
  return modules
    .filter(({ use }) => use > 1)
    .map(({ module, use }) => [
      `${module} too slow`,
      `it would work for ${short(use)} times all cycles: lanes of an element share it, and are simulated as if they did not wait for it`,
    ]);
}

export function factsOf(file: SimulationFile): string[][] {
  const { simulation, accelerator, windows, shares, masksFrom, sharesOfTraining, order, lanes } =
    file;
  const { measured } = file;
  const { leavesOut } = MEMORIES[accelerator.memory];
  const { cycles, latencyS, areaMm2, macs, energy, bounds, laneCycles } = simulation;
  const standby = leavesOut === undefined ? '' : ` ${withoutStandby(leavesOut)}`;
  const kept = [shares.weight, shares.activation, shares.gradient].map((share) => percent(share));
  const energyJ = energy.dynamicJ + energy.leakageJ;
  return [
    ['latency', `${duration(latencyS)}, ${whole(cycles)} cycles at 700 MHz`],
    ['a window', `${duration(latencyS / windows)}, ${joules(energyJ / windows)}`],
    ...(measured
      ? [
          [
            `${measured.device}, ${measured.isMeasured ? 'measured' : 'predicted from its profile'}`,
            `${duration(measured.latencyS)} a window${measured.energyJ === undefined ? '' : `, ${joules(measured.energyJ)}`}: ${short((measured.latencyS * windows) / latencyS)} times as long`,
          ],
        ]
      : []),
    ['energy', `${joules(energy.dynamicJ)} dynamic, ${joules(energy.leakageJ)} leakage${standby}`],
    ['area', `${areaMm2.toFixed(3)} mm2`],
    ...overused(energy.modules),
    [
      'multiplications',
      `${whole(macs.all)}: ${whole(macs.issued)} made, ${whole(macs.skipped)} skipped; ${whole(macs.padded)} more in tiles that are not full`,
    ],
    [
      'not zero',
      masksFrom
        ? `as in ${masksFrom}; gradients ${kept[2]}`
        : `weights ${kept[0]}, activations ${kept[1]}, gradients ${kept[2]}, ${sharesOfTraining ? 'as its training left them out' : 'assumed'}`,
    ],
    [
      'least cycles',
      `${whole(bounds.compute)} of multiplications, ${whole(bounds.memory)} of main memory, ${whole(bounds.path)} of the longest path`,
    ],
    [
      'lanes',
      kindOf(accelerator).fixedRules?.lanes ??
        `${LANE_MODELS.map((model) => `${model} ${whole(laneCycles[model])}`).join(', ')} cycles; shown: ${lanes}, loops ${order}`,
    ],
  ];
}

export function usesOf({ simulation: { use, cycles } }: SimulationFile): string[][] {
  const rows = Object.entries(use).map(([unit, { busy, stalled, idle }]) => {
    const all = Math.max(1, busy + stalled + idle);
    return [
      unit,
      whole(all / Math.max(1, cycles)),
      ...[busy, stalled, idle].map((n) => percent(n / all)),
    ];
  });
  return [['units', 'count', 'busy', 'stalled', 'idle'], ...rows];
}

export function stallsOf({ simulation: { stalls } }: SimulationFile): string[][] {
  return [['stalls', 'cycles'], ...stalls.map(({ reason, cycles }) => [reason, whole(cycles)])];
}

export function ordersOf(orders: NonNullable<SimulationFile['orders']>): string[][] {
  const rows = orders.map((one) => [one.order, whole(one.cycles), joules(one.dynamicJ)]);
  return [['loops', 'cycles', 'energy'], ...rows];
}

export function modulesOf(modules: readonly ModuleEnergy[]): string[][] {
  const rows = modules.map(({ module, count, use, dynamicJ, leakageJ, idleLeakageJ }) => [
    ...[module, whole(count), percent(use), joules(dynamicJ)],
    ...[leakageJ, idleLeakageJ].map((one) => (one === undefined ? 'not known' : joules(one))),
  ]);
  return [['module', 'count', 'use', 'energy', 'leakage', 'leakage if idle'], ...rows];
}

function table(rows: readonly (readonly string[])[], numbersRight: boolean): string {
  return textTable(rows, (column) => numbersRight && column > 0);
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en');
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** With the prefix that leaves one to three digits before the point. */
export function joules(joules: number): string {
  const prefixes = ['', 'm', 'u', 'n', 'p'];
  const step = joules > 0 ? Math.max(0, Math.min(4, Math.ceil(-Math.log10(joules) / 3))) : 0;
  return `${Number((joules * 1000 ** step).toPrecision(4))} ${prefixes[step]}J`;
}
