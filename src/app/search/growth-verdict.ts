// Compares the grown network with the start network, trained as long, on data that neither has seen.
import { rowsBetween } from '../../core/series.ts';
import { forecastFitOn } from '../../lab/candidates/candidate-outcome.ts';
import type { Model } from '../../models/model.ts';
import { familyOf, type NetworkDesign } from '../../models/network-family.ts';
import type { Relative } from '../../models/transfer/transfer-weights.ts';
import { heldOutVusPr } from './chosen-model.ts';
import { detectorOf, type GrowthSetup } from './growth.ts';
import type { SearchData } from './search-data.ts';

export interface GrowthVerdict {
  /** VUS-PR: higher is better. Forecast error: squared, in parts of what the mean of each channel errs by; lower is better. */
  readonly measure: 'VUS-PR on the held-out events' | 'forecast error on the newest fifth';
  readonly before: number;
  readonly after: number;
}

/** Share of the rows of a recording that a growth learns from. */
const LEARNT = 0.8;

/** Labelled data have events that nothing was judged on; of a recording the newest rows are kept back. */
export function heldBack(data: SearchData): Pick<GrowthSetup, 'data' | 'unseen'> {
  if (data.heldOut) return { data };
  const count = data.train.timeMs.length;
  const cut = Math.round(LEARNT * count);
  return {
    data: { ...data, train: rowsBetween(data.train, 0, cut) },
    unseen: rowsBetween(data.train, cut, count),
  };
}

/** `model` is the detector of the grown network. Undefined where nothing was held back. */
export async function verdictOn(
  {
    start,
    grown,
    model,
  }: Readonly<Record<'start' | 'grown', Relative<NetworkDesign>>> & { readonly model: Model },
  setup: GrowthSetup,
): Promise<GrowthVerdict | undefined> {
  const { data, unseen, kernels, settings } = setup;
  const { heldOut } = data;
  if (heldOut) {
    const [before, after] = [await detectorOf(start, setup), model].map((one) =>
      heldOutVusPr(one, heldOut, kernels),
    );
    if (before === undefined || after === undefined) return undefined;
    return { measure: 'VUS-PR on the held-out events', before, after };
  }
  if (!unseen) return undefined;
  // Networks alone, for a GON beside one forecasts nothing.
  const alone = { ...setup, settings: { ...settings, detector: familyOf(grown.point).detector } };
  const errorOf = async (network: Relative<NetworkDesign>): Promise<number> =>
    1 / forecastFitOn(unseen, data.train, await detectorOf(network, alone), kernels) - 1;
  return {
    measure: 'forecast error on the newest fifth',
    before: await errorOf(start),
    after: await errorOf(grown),
  };
}
