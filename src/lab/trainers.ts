// The trainers of all detectors, of which those with a time-series transformer or a GON can compress what they have trained.
import { z } from 'zod';
import type { PluginModule } from '../core/plugin-module.ts';
import type { Registry } from '../core/registry.ts';
import { trainers as dense, trainersWith as denseWith } from '../detectors/training/index.ts';
import type { Trainer } from '../detectors/training/trainer.ts';
import { compressions } from './compression/index.ts';
import { type CompressionChoice, leanModel } from './compression/lean-model.ts';
import { MOST_REMOVED } from './compression/modegpt/allocation.ts';

/** A value of the option `compress`, and what it chooses. */
interface Form {
  readonly method: string;
  readonly value: z.ZodType;
  /** In words, for errors. */
  readonly expected: string;
  /** For help texts. */
  readonly means: string;
  /** Of the method. */
  optionsOf(value: unknown): CompressionChoice['options'];
}

const FORMS: readonly Form[] = [
  {
    method: 'modegpt',
    value: z.number().min(0).max(MOST_REMOVED),
    expected: `a share from 0 to ${MOST_REMOVED}`,
    means:
      'Share of the parameters of encoder layers that is removed at the end of the training, without further steps',
    optionsOf: (ratio) => ({ ratio }),
  },
  {
    method: 'span',
    value: z.literal('span'),
    expected: 'span',
    means:
      'span = at the end of the training the windows that the GON remembers are kept in the span of its linear member, if it has one for them',
    optionsOf: () => ({}),
  },
];

/** Share of the progress that is the training's. */
const TRAINING = 0.9;

export const trainers: Registry<Trainer> = leanRegistry(dense);

/** With those of plug-ins, as in detectors/training. Throws `ConfigError` if two have the same name. */
export function trainersWith(modules: readonly PluginModule[]): Registry<Trainer> {
  return leanRegistry(denseWith(modules));
}

function leanRegistry(all: Registry<Trainer>): Registry<Trainer> {
  return new Map([...all].map(([kind, trainer]) => [kind, lean(trainer, formsFor(kind))]));
}

function formsFor(kind: string): readonly Form[] {
  return FORMS.filter(({ method }) => compressions.get(method)?.detectors.includes(kind));
}

/** What `lean` reads of the options of such a trainer. */
const read = z.looseObject({ compress: z.unknown().optional(), heldBack: z.number() });

function lean(trainer: Trainer, forms: readonly Form[]): Trainer {
  if (forms.length === 0) return trainer;
  // Trainers of networks have objects of options; the registry does not know their type.
  const options = (trainer.options as z.ZodObject).extend({ compress: optionOf(forms) });
  return {
    ...trainer,
    options,
    async train(series, asked, context) {
      const { compress = 0, heldBack, ...rest } = read.parse(asked);
      const own = { ...rest, heldBack };
      if (compress === 0) return trainer.train(series, own, context);
      const { progress, kernels, signal } = context;
      const model = await trainer.train(series, own, {
        ...context,
        progress: (now) => progress({ ...now, fraction: TRAINING * now.fraction }),
      });
      const choice = choiceOf(compress, forms);
      if (compressions.get(choice.method)?.admits?.(model) === false) return model;
      const [loss = 0] = model.card.finalLosses.slice(-1);
      const done = await leanModel(model, series, choice, {
        ...{ kernels, signal, heldBack },
        progress: (fraction) =>
          progress({ fraction: TRAINING + (1 - TRAINING) * fraction, step: 0, steps: 0, loss }),
      });
      return done.model;
    },
  };
}

function optionOf(forms: readonly Form[]): z.ZodType {
  const expected = forms.map((form) => form.expected).join(', or ');
  return z
    .union(
      forms.map(({ value }) => value),
      { error: `expected ${expected}` },
    )
    .optional()
    .describe(forms.map(({ means }) => means).join('; '));
}

/** `value` is one of the option. */
function choiceOf(value: unknown, forms: readonly Form[]): CompressionChoice {
  const form = forms.find((one) => one.value.safeParse(value).success) as Form;
  return { method: form.method, options: form.optionsOf(value) };
}
