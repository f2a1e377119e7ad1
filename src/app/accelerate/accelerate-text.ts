// The search of an accelerator in words and tables: each step forward, and what was found.
import type { Accelerator } from '../../lab/simulator/accelerator.ts';
import { kindOf } from '../../lab/simulator/hardware.ts';
import { MEMORIES } from '../../lab/simulator/modules.ts';
import { type Price, withoutStandby } from '../../lab/simulator/price.ts';
import { duration, short } from '../search/costs.ts';
import { textTable } from '../text-table.ts';
import type { Begun, Evaluated } from './session.ts';

/** What prices are of. */
export interface Unit {
  /** Windows; 1 in inference, of an epoch in training. */
  readonly windows: number;
  readonly name: string;
}

export function begunText(
  network: string,
  { candidates, space }: Begun,
  spaceName: string,
): string {
  const [some, all] = [candidates, space].map((n) => n.toLocaleString('en'));
  return `${network}: ${some} of the ${all} accelerators of ${spaceName} may be taken; every figure is simulated`;
}

export function isBetter({ cost }: Evaluated, best: Evaluated | undefined): boolean {
  return cost !== undefined && (best?.cost === undefined || cost < best.cost);
}

/** The one of the least cost, the first of equals; undefined where none keeps within the limits. */
export function bestOf(all: readonly Evaluated[]): Evaluated | undefined {
  return all.reduce(
    (best: Evaluated | undefined, one) => (isBetter(one, best) ? one : best),
    undefined,
  );
}

export function evaluatedLine(
  { evaluation, reason, accelerator, price, cost }: Evaluated,
  unit: Unit,
) {
  const figures = price ? figuresOf(price, cost, unit).join('  ') : '';
  return `${String(evaluation).padStart(4)}  ${reason.padEnd(11)}  ${figures}  ${accelerator.name}`;
}

/** An accelerator outside of the search. */
export interface Compared {
  readonly name: string;
  readonly price: Price;
  readonly cost: number;
}

/** What was found, beside the best in each respect. */
export function foundText(
  all: readonly Evaluated[],
  best: Evaluated,
  others: readonly Compared[],
  unit: Unit,
): string {
  const feasible = all.filter(({ cost }) => cost !== undefined);
  const least = (of: (price: Price) => number): Evaluated =>
    feasible.reduce((a, b) => (of(b.price as Price) < of(a.price as Price) ? b : a));
  const rows = [
    ['chosen', best],
    ['fastest', least(({ latencyS }) => latencyS)],
    ['least energy', least(({ dynamicJ, leakageJ }) => dynamicJ + leakageJ)],
    ['smallest', least(({ areaMm2 }) => areaMm2)],
  ] as const;
  const table = [
    ['', 'cost', `time ${unit.name}`, `energy ${unit.name}`, 'area', 'power', ''],
    ...rows.map(([name, { price, cost, accelerator }]) => [
      name,
      ...figuresOf(price as Price, cost, unit),
      accelerator.name,
    ]),
    ...others.map(({ name, price, cost }) => [
      name,
      ...figuresOf(price, cost, unit),
      'for comparison',
    ]),
  ];
  const { leavesOut } = MEMORIES[best.accelerator.memory];
  return [
    textTable(table, (column) => column > 0 && column < 6),
    '',
    partsText(best.accelerator),
    ...(leavesOut === undefined ? [] : [`its energy is ${withoutStandby(leavesOut)}`]),
  ].join('\n');
}

function figuresOf(
  { latencyS, dynamicJ, leakageJ, areaMm2, powerW }: Price,
  cost: number | undefined,
  { windows }: Unit,
): readonly string[] {
  return [
    cost === undefined ? '-' : cost.toPrecision(4),
    duration(latencyS * windows),
    energyText((dynamicJ + leakageJ) * windows),
    ...[`${short(areaMm2)} mm2`, `${short(powerW)} W`],
  ];
}

function energyText(joules: number): string {
  if (joules < 1e-3) return `${short(joules * 1e6)} uJ`;
  return joules < 1 ? `${short(joules * 1e3)} mJ` : `${short(joules)} J`;
}

/** What it is made of, in words. */
export function partsText(accelerator: Accelerator): string {
  const { multipliers, nonLinearity, batch, bufferMb, memory } = accelerator;
  const kb = [bufferMb.activation, bufferMb.weight, bufferMb.mask].map((mb) => short(mb * 1024));
  return `${kindOf(accelerator).text}, multipliers of each ${multipliers} (${nonLinearity}), windows together ${batch}, buffers ${kb.join(', ')} KB (activations, weights, masks), memory ${memory}`;
}

/** Why there is none, and how far the nearest is off. */
export function nothingText(all: readonly Evaluated[]): string {
  const [nearest] = all
    .flatMap(({ accelerator, price, failure }) => (price ? { accelerator, price, failure } : []))
    .toSorted((a, b) => a.price.powerW - b.price.powerW);
  if (!nearest)
    return `none of ${all.length} accelerators fits the network: ${all.at(-1)?.failure}`;
  return `none of ${all.length} accelerators keeps within the power; the nearest, ${nearest.accelerator.name}, ${nearest.failure}: raise --max-power-w`;
}
