import { type Registry, registry } from '../../core/registry.ts';
import type { ThresholdPlugin } from '../threshold-plugin.ts';
import { dspot } from './dspot.ts';
import { episodes } from './episodes.ts';
import { fixed } from './fixed.ts';
import { pot } from './pot.ts';
import { quantile } from './quantile.ts';

/** Default threshold of a stream. */
export const DEFAULT_THRESHOLD = 'episodes';

export const thresholds: Registry<ThresholdPlugin> = registry<ThresholdPlugin>(
  episodes,
  pot,
  dspot,
  quantile,
  fixed,
);
