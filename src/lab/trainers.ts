// The trainers of all detectors, of which those with a time-series transformer can compress what they have trained.
import { z } from 'zod';
import type { PluginModule } from '../core/plugin-module.ts';
import type { Registry } from '../core/registry.ts';
import { trainers as dense, trainersWith as denseWith } from '../detectors/training/index.ts';
import type { Trainer } from '../detectors/training/trainer.ts';
import { compressions } from './compression/index.ts';
import { leanModel } from './compression/lean-model.ts';
import { MOST_REMOVED } from './compression/modegpt/allocation.ts';

/** The method of the option `compress`. */
const METHOD = 'modegpt';

const compress = z
  .number()
  .min(0)
  .max(MOST_REMOVED)
  .optional()
  .describe(
    'Share of the parameters of encoder layers that is removed at the end of the training, without further steps',
  );

/** Share of the progress that is the training's. */
const TRAINING = 0.9;

export const trainers: Registry<Trainer> = leanRegistry(dense);

/** With those of plug-ins, as in detectors/training. Throws `ConfigError` if two have the same name. */
export function trainersWith(modules: readonly PluginModule[]): Registry<Trainer> {
  return leanRegistry(denseWith(modules));
}

function leanRegistry(all: Registry<Trainer>): Registry<Trainer> {
  const kinds = compressions.get(METHOD)?.detectors ?? [];
  return new Map(
    [...all].map(([kind, trainer]) => [kind, kinds.includes(kind) ? lean(trainer) : trainer]),
  );
}

/** What `lean` reads of the options of such a trainer. */
const read = z.looseObject({ compress, heldBack: z.number() });

function lean(trainer: Trainer): Trainer {
  // Trainers of networks have objects of options; the registry does not know their type.
  const options = (trainer.options as z.ZodObject).extend({ compress });
  return {
    ...trainer,
    options,
    async train(series, asked, context) {
      const { compress: ratio = 0, heldBack, ...rest } = read.parse(asked);
      const own = { ...rest, heldBack };
      if (ratio === 0) return trainer.train(series, own, context);
      const { progress } = context;
      const model = await trainer.train(series, own, {
        ...context,
        progress: (now) => progress({ ...now, fraction: TRAINING * now.fraction }),
      });
      const [loss = 0] = model.card.finalLosses.slice(-1);
      const { kernels, signal } = context;
      const choice = { method: METHOD, options: { ratio } };
      const done = await leanModel(model, series, choice, {
        ...{ kernels, signal, heldBack },
        progress: (fraction) =>
          progress({ fraction: TRAINING + (1 - TRAINING) * fraction, step: 0, steps: 0, loss }),
      });
      return done.model;
    },
  };
}
