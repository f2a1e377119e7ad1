// The rival search methods. Random search, the baseline of all others, stands here.
import { z } from 'zod';
import { type Registry, registry } from '../../../core/registry.ts';
import type { SearchMethod } from '../contract.ts';
import { evolution } from './evolution.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { localSearch } from './local-search.ts';
import { nsga2 } from './nsga2.ts';
import { oneByOne } from './one-by-one.ts';
import { randomForest } from './random-forest.ts';
import { tpe } from './tpe.ts';
import { graphGaussianProcess, volumeImprovement } from './volume-improvement.ts';

const options = z.strictObject({});

/** Each candidate that was not proposed yet is equally likely to be the next. */
const random: SearchMethod<z.infer<typeof options>> = {
  kind: 'random',
  summary: 'candidates drawn at random, none twice',
  options,
  seeksFront: true,
  start: oneByOne((_, __, ledger, random) => ({
    next: () => ({ candidate: ledger.drawFresh(random), reason: 'random' }),
  })),
};

// A method's options are checked by its own schema before they reach it, so the registry need not know their types.
export const rivals: Registry<SearchMethod> = registry<SearchMethod>(
  random as SearchMethod,
  localSearch as SearchMethod,
  evolution as SearchMethod,
  gaussianProcess as SearchMethod,
  randomForest as SearchMethod,
  tpe as SearchMethod,
  nsga2 as SearchMethod,
  volumeImprovement as SearchMethod,
  graphGaussianProcess as SearchMethod,
);
