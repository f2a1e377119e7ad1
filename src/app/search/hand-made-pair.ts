// What a search of networks and accelerators is compared with: the network that is used without a search, on the accelerator of the
// same space that suits it best.
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import { familyOfSpace } from '../../lab/search/families/index.ts';
import { preparedOnce } from '../../lab/simulator/price.ts';
import { needsOf } from './codesign.ts';
import { breachesOf, type Costs, performanceOf, type Scale } from './costs.ts';
import { legalAccelerators, unlessImpossible } from './device-candidates.ts';
import {
  acceleratorOf,
  type CodesignSettings,
  simulatedCosts,
  simulatedDevice,
  workOf,
} from './simulated-costs.ts';

export interface HandMadePair {
  readonly device: string;
  readonly costs: Costs;
  /** Accelerators that were simulated for it: all of the space that keep to the area, or as many as were drawn of a large one. */
  readonly of: number;
}

/**
 * Within the limits, by the weights and the scale of the search. Undefined where the network fits no accelerator within them.
 * `pause` comes before each simulation, of which there may be 20,000.
 */
export async function handMadePair(
  settings: CodesignSettings,
  scale: Scale,
  width: number,
  pause: () => Promise<void>,
): Promise<HandMadePair | undefined> {
  const { space, weights, limits } = settings;
  const { rows, patch } = space;
  const network = { point: familyOfSpace(space).handMade, rows, patch, width, horizon: 1 };
  const workFor = preparedOnce((windows) => workOf(network, settings, windows));
  const numbers = numbersFor(network, settings);
  let best: { readonly pair: HandMadePair; readonly performance: number } | undefined;
  for (const number of numbers) {
    await pause();
    const device = simulatedDevice(settings, number);
    const { batch } = acceleratorOf(device);
    const work = workFor(batch);
    const costs = unlessImpossible(() => simulatedCosts({ network, device }, settings, work));
    if (!costs || breachesOf(costs, limits).length > 0) continue;
    // The accuracy is the same on each.
    const performance = performanceOf(0, costs, scale, weights);
    if (best && performance <= best.performance) continue;
    best = { pair: { device: device.kind, costs, of: numbers.length }, performance };
  }
  return best?.pair;
}

function numbersFor(network: ProfiledNetwork, settings: CodesignSettings): readonly number[] {
  const { accelerators, seed } = settings;
  const needs = needsOf([network.point], settings);
  return unlessImpossible(() => legalAccelerators(accelerators.space, needs, seed)) ?? [];
}
