// Options that another library, or another copy of zod, describes, as a schema of ours.
import { type ZodType, z } from 'zod';
import { pluginFault } from './plugin-fault.ts';
import type { StandardIssue, StandardSchema } from './standard-schema.ts';

/** `plugin` is the name that stands before each fault. Without a schema there are no options. */
export function foreignOptions(
  schema: StandardSchema | undefined,
  plugin: string,
): ZodType<unknown> {
  if (schema === undefined) return z.strictObject({});
  return z.unknown().transform((value, context) => {
    const outcome = outcomeOf(schema, value, plugin);
    if (!outcome.issues) return outcome.value;
    for (const { message, path = [] } of outcome.issues) {
      const text = outcome.ours ? message : `plug-in ${plugin}: ${message}`;
      context.addIssue({ code: 'custom', message: text, path: path.map(keyOf) });
    }
    return z.NEVER;
  });
}

type Outcome =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[]; readonly ours: boolean };

function outcomeOf(schema: StandardSchema, value: unknown, plugin: string): Outcome {
  try {
    const result = schema['~standard'].validate(value);
    if (!(result instanceof Promise)) {
      return result.issues ? { issues: result.issues, ours: false } : result;
    }
    result.catch(() => undefined); // nobody waits for it
    const message = 'found options that are checked later, expected a schema that answers at once';
    return { issues: [{ message }], ours: false };
  } catch (cause) {
    return { issues: [{ message: pluginFault(plugin, cause) }], ours: true };
  }
}

function keyOf(step: PropertyKey | { readonly key: PropertyKey }): PropertyKey {
  return typeof step === 'object' ? step.key : step;
}
