import { type Registry, registry } from '../../core/registry.ts';
import type { DetectorPlugin } from '../detector-plugin.ts';
import { gon } from './gon.ts';
import { gonOfficial } from './gon-official.ts';
import { pca } from './pca.ts';
import { rangeCount } from './range-count.ts';

export const detectors: Registry<DetectorPlugin> = registry<DetectorPlugin>(
  gon,
  gonOfficial, // the published program, a rival for the tables
  pca,
  rangeCount,
);
