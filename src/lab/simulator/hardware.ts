// What an accelerator is made of: its modules with their figures, its area, and its peak. The one place that knows the kinds.
import type { Accelerator } from './accelerator.ts';
import type { AcceleratorKind, FixedRules } from './kind.ts';
import {
  BUFFERS,
  CLOCK_HZ,
  IN_ELEMENT,
  IN_LANE,
  LANES,
  MODULES,
  type ModuleFigures,
  type ModuleName,
  type Parts,
} from './modules.ts';
import { type AcceleratorSpace, kindNameOf } from './space.ts';
import type { CostModel, ProgramOptions } from './task.ts';
import { tiledKind } from './tiled.ts';
import { UNROLLED_RULES, unrolledKind } from './unrolled.ts';

export function kindOf(accelerator: Accelerator): AcceleratorKind {
  return 'unrolled' in accelerator ? unrolledKind(accelerator) : tiledKind(accelerator);
}

/** Of all accelerators of a space, as `AcceleratorKind` has them. */
export function fixedRulesOf(space: AcceleratorSpace): FixedRules | undefined {
  return { tiled: undefined, unrolled: UNROLLED_RULES }[kindNameOf(space)];
}

export function costModelOf(accelerator: Accelerator, options: ProgramOptions): CostModel {
  return kindOf(accelerator).costModel(partsOf(accelerator, options.training), options);
}

/** Stochastic rounding is for training alone. */
export function partsOf(accelerator: Accelerator, training: boolean): Record<ModuleName, Parts> {
  const { multipliers, nonLinearity, figures = {} } = accelerator;
  const { elements, lanes, own } = kindOf(accelerator);
  const part = (count: number, usual: ModuleFigures): Parts => ({ count, figures: usual });
  const parts: Record<ModuleName, Parts> = {
    lane: part(lanes, LANES[nonLinearity][multipliers]),
    preSparsity: part(lanes, IN_LANE.preSparsity),
    postSparsity: part(lanes, IN_LANE.postSparsity),
    rounding: part(training ? lanes : 0, IN_LANE.rounding),
    dataflow: part(elements, IN_ELEMENT.dataflow),
    dma: part(elements, IN_ELEMENT.dma),
    ...own,
  };
  for (const name of MODULES) {
    const { count, figures: usual } = parts[name];
    parts[name] = part(count, figures[name] ?? usual);
  }
  return parts;
}

/** Without main memory, which lies beside it. */
export function areaMm2(accelerator: Accelerator, training: boolean): number {
  const modules = Object.values(partsOf(accelerator, training)).reduce(
    (sum, { count: n, figures }) => sum + n * figures.areaUm2,
    0,
  );
  const { activation, weight, mask } = accelerator.bufferMb;
  const buffers =
    activation * BUFFERS.activation.areaUm2 +
    weight * BUFFERS.weight.areaUm2 +
    mask * BUFFERS.mask.areaUm2;
  return (modules + buffers) / 1e6;
}

/** Multiplications and additions a second, all lanes at work. */
export function peakOpsPerS(accelerator: Accelerator): number {
  return 2 * kindOf(accelerator).lanes * accelerator.multipliers * CLOCK_HZ;
}
