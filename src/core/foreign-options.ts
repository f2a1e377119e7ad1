// Options that another library, or another copy of zod, describes, as a zod schema for the configuration.
import { type ZodType, z } from 'zod';
import { pluginFault, withoutQuotes } from './plugin-fault.ts';
import type { StandardIssue, StandardResult, StandardSchema } from './plugin-module.ts';

const NO_OPTIONS: StandardSchema = {
  '~standard': {
    version: 1,
    vendor: 'sentigon',
    validate(value) {
      const keys = Object.keys(value as object); // a mapping without its kind
      const issues = keys.map((key) => ({
        message: 'found an option, expected none',
        path: [key],
      }));
      return issues.length > 0 ? { issues } : { value };
    },
  },
};

/** `plugin` is the name that precedes each fault. Without a schema there are no options. */
export function foreignOptions(
  schema: StandardSchema | undefined,
  plugin: string,
): ZodType<unknown> {
  return z.unknown().transform((value, context) => {
    const outcome = outcomeOf(schema ?? NO_OPTIONS, value, plugin);
    if (!outcome.issues) return outcome.value;
    for (const { message, path = [] } of outcome.issues) {
      context.addIssue({ code: 'custom', message, path: path.map(keyOf) });
    }
    return z.NEVER;
  });
}

/** Its messages name the plug-in and quote nothing of `value`. */
function outcomeOf(schema: StandardSchema, value: unknown, plugin: string): StandardResult {
  try {
    const result = schema['~standard'].validate(value);
    if (!(result instanceof Promise))
      return result.issues ? { issues: result.issues.map(shown) } : result;
    result.catch(() => undefined); // its outcome is not used
    return { issues: [shown({ message: CHECKED_LATER })] };
  } catch (cause) {
    return { issues: [{ message: pluginFault(plugin, cause, value) }] };
  }

  function shown({ message, path }: StandardIssue): StandardIssue {
    return { message: `plug-in ${plugin}: ${withoutQuotes(message, value)}`, path };
  }
}

const CHECKED_LATER =
  'found options that are checked later, expected a schema that answers at once';

function keyOf(step: PropertyKey | { readonly key: PropertyKey }): PropertyKey {
  return typeof step === 'object' ? step.key : step;
}
