import { type Registry, registry } from '../../../core/registry.ts';
import type { SearchMethod } from '../contract.ts';
import { evolution } from './evolution.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { localSearch } from './local-search.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { randomForest } from './random-forest.ts';
import { tpe } from './tpe.ts';

// A method's options are checked by its own schema before they reach it, so the registry need not know their types.
export const rivals: Registry<SearchMethod> = registry<SearchMethod>(
  random as SearchMethod,
  localSearch as SearchMethod,
  evolution as SearchMethod,
  gaussianProcess as SearchMethod,
  randomForest as SearchMethod,
  tpe as SearchMethod,
  nsga2 as SearchMethod,
);
