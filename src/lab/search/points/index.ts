// Every way to search over numbers and choices, by name. Sobol's sequence, the baseline of all others, stands here.
import { z } from 'zod';
import { type Registry, registry } from '../../../core/registry.ts';
import { breathe } from '../breathe/breathe.ts';
import type { PointMethod } from './contract.ts';
import { ehvi } from './ehvi.ts';
import { mobopt } from './mobopt.ts';
import { moead } from './moead.ts';
import { nsga2Points } from './nsga2-points.ts';
import { drawnFresh, pointByPoint } from './one-by-one.ts';
import { parego } from './parego.ts';
import { tpePoints } from './tpe-points.ts';
import { boostedPoints, forestPoints } from './tree-points.ts';

const options = z.strictObject({});

const even: PointMethod<z.infer<typeof options>> = {
  kind: 'sobol',
  summary: "points of Sobol's sequence: spread evenly, and learning nothing",
  options,
  start: pointByPoint((history) => ({ next: () => drawnFresh(history, 'random') })),
};

// A method's options are checked by its own schema before they reach it, so the registry need not know their types.
export const pointMethods: Registry<PointMethod> = registry<PointMethod>(
  breathe as PointMethod,
  even as PointMethod,
  nsga2Points as PointMethod,
  moead as PointMethod,
  mobopt as PointMethod,
  ehvi as PointMethod,
  parego as PointMethod,
  forestPoints as PointMethod,
  boostedPoints as PointMethod,
  tpePoints as PointMethod,
);
