import { type Registry, registry } from '../../../core/registry.ts';
import type { SearchMethod } from '../contract.ts';
import { evolution } from './evolution.ts';
import { random } from './random.ts';

// A method's options are checked by its own schema before they reach it, so the registry need not know their types.
export const rivals: Registry<SearchMethod> = registry<SearchMethod>(
  random as SearchMethod,
  evolution as SearchMethod,
);
