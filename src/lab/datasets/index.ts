import { type Registry, registry } from '../../core/registry.ts';
import { gonOfficial } from './gon-official.ts';
import type { Layout } from './layout.ts';
import { nab } from './nab.ts';
import { recording } from './recording.ts';
import { asd, smd } from './server.ts';
import { skab } from './skab.ts';
import { tsbAd } from './tsb-ad.ts';

/** In the order in which a folder is tried; the first layout that matches is taken. */
export const layouts: Registry<Layout> = registry<Layout>(
  smd,
  asd,
  skab,
  nab,
  recording,
  gonOfficial,
  tsbAd,
);
