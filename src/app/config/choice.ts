// One plug-in of a registry as a part of the configuration: `{ kind: pot, risk: 1e-4 }`.
import { type ZodType, z } from 'zod';
import type { Registry } from '../../core/registry.ts';

/** A plug-in that was chosen, with its options; they have passed the plug-in's own schema. */
export interface Choice {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** What a registry's plug-ins must have to be offered in the configuration. */
export interface Choosable {
  readonly kind: string;
  readonly summary: string;
  readonly options: ZodType<unknown>;
}

/** The options of each plug-in, told apart by `kind`. */
export function choiceOf(plugins: Registry<Choosable>): ZodType<Choice> {
  const [first, ...others] = [...plugins.values()].map(withKind);
  if (!first) throw new RangeError('a registry without plug-ins cannot be configured');
  // the options of a kind are checked by its schema and given back to its own `create`: here they are unknown
  return z.discriminatedUnion('kind', [first, ...others]) as ZodType<unknown> as ZodType<Choice>;
}

function withKind({ kind, summary, options }: Choosable) {
  const literal = z.literal(kind).describe(summary);
  if (options instanceof z.ZodObject) return options.safeExtend({ kind: literal });
  // those of a plug-in: what they are is known to its own schema only
  return z.looseObject({ kind: literal }).transform(({ kind: _, ...rest }, context) => {
    const { data, error } = options.safeParse(rest);
    for (const { message, path } of error?.issues ?? []) {
      context.addIssue({ code: 'custom', message, path });
    }
    return { ...(data as object), kind };
  });
}

/** The options alone, as the plug-in's `create` takes them. */
export function optionsOf({ kind: _, ...options }: Choice): unknown {
  return options;
}
