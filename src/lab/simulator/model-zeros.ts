// The zeros of a trained network: of its weights, and of its activations for windows of real data.
import { ConfigError } from '../../core/errors.ts';
import { rowOf, type Series } from '../../core/series.ts';
import { SlidingWindow } from '../../detection/windows/sliding-window.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import type { SimulatedNetwork } from './networks.ts';
import { NO_ZEROS, type Shares, Zeros } from './zeros.ts';

/** Undefined for a network without weights or tape. `windows` are as many as the network computes together. */
export function zerosOfModel(
  network: SimulatedNetwork,
  windows: readonly Float32Array[],
  { shares, kernels }: { readonly shares: Shares; readonly kernels: Kernels },
): Zeros | undefined {
  return network.values && new Zeros(shares, network.values(windows, kernels));
}

/** The given shares; without them those that the training of the network left out, if a training is simulated, else none. */
export function sharesFor(
  { trainingShares }: SimulatedNetwork,
  mode: 'inference' | 'training',
  given?: Shares,
): Shares {
  return given ?? (mode === 'training' ? trainingShares : undefined) ?? NO_ZEROS;
}

/** Scaled windows of a series, evenly spread. Throws `ConfigError` for other channels, or too few rows. */
export function windowsOf(series: Series, model: Model, count: number): readonly Float32Array[] {
  const found = windowsUpTo(count, series, model);
  if (found.length === count) return found;
  throw new ConfigError(
    `the data have ${found.length} whole windows of ${model.windowLength} rows, expected ${count}: name longer data, or set --batch lower`,
    { code: 'SEN_CFG_SIMULATION' },
  );
}

/** As `windowsOf`, but fewer where there are not as many. Throws `ConfigError` for other channels. */
export function windowsUpTo(
  count: number,
  series: Series,
  { channels, scaler, rates, intervalMs, windowLength }: Model,
): readonly Float32Array[] {
  const [has, needs] = [series.channels, channels].map((all) => all.map(({ id }) => id).join(', '));
  if (has !== needs) {
    throw new ConfigError(
      `the data have the channels ${has}, the model watches ${needs}: name data of the same channels`,
      { code: 'SEN_CFG_SIMULATION' },
    );
  }
  const windower = new SlidingWindow({
    ...{ streamId: series.id, length: windowLength, intervalMs, scaler, rates },
  });
  const rows = series.timeMs.length;
  const step = Math.max(1, Math.floor(rows / (count + 1)));
  const found: Float32Array[] = [];
  for (let row = 0; row < rows && found.length < count; row += 1) {
    const sample = {
      streamId: series.id,
      timeMs: series.timeMs[row] as number,
      values: rowOf(series, row),
    };
    const window = windower.push(sample).at(-1);
    if (window && row >= (found.length + 1) * step) found.push(window.values.slice());
  }
  return found;
}
