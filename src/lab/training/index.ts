import { type Registry, registry } from '../../core/registry.ts';
import type { Trainer } from '../trainer.ts';
import { gon } from './gon.ts';
import { gonOfficial } from './gon-official.ts';

// A trainer's options are checked by its own schema before they reach it, so the registry need not know their types.
export const trainers: Registry<Trainer> = registry<Trainer>(
  gon as Trainer,
  gonOfficial as Trainer,
);
