import type { ZodType } from 'zod';
import { ConfigError } from './errors.ts';

/** One kind of something: its options, described and defaulted by zod, and how to make it. */
export interface Plugin<Options, Context, Made> {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  readonly options: ZodType<Options>;
  create(options: Options, context: Context): Made;
}

/** All kinds of one interface, by name. */
export type Registry<P extends { readonly kind: string }> = ReadonlyMap<string, P>;

export function registry<P extends { readonly kind: string }>(
  ...plugins: readonly P[]
): Registry<P> {
  return new Map(plugins.map((plugin) => [plugin.kind, plugin]));
}

/** `plugins` and those that `from` brings. Throws `ConfigError` when a kind is there already. */
export function extended<P extends { readonly kind: string }>(
  plugins: Registry<P>,
  added: readonly P[],
  { what, from }: { readonly what: string; readonly from: string },
): Registry<P> {
  const all = new Map(plugins);
  for (const plugin of added) {
    if (all.has(plugin.kind)) {
      throw new ConfigError(
        `plug-in ${from}: ${what} '${plugin.kind}' is there already: leave one of the two out`,
      );
    }
    all.set(plugin.kind, plugin);
  }
  return all;
}

/** Throws `ConfigError` naming the kinds there are. */
export function lookUp<P extends { readonly kind: string }>(
  plugins: Registry<P>,
  kind: string,
  what: string,
): P {
  const plugin = plugins.get(kind);
  if (plugin) return plugin;
  throw new ConfigError(
    `${what} '${kind}' is unknown: choose one of ${[...plugins.keys()].join(', ')}`,
  );
}

/**
 * Options as the plug-in's own schema reads them, defaults filled in. Throws `ConfigError` naming every fault;
 * `what` says whose options they are, e.g. `source host`.
 */
export function parseOptions<Options>(
  schema: ZodType<Options>,
  options: unknown,
  what: string,
): Options {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new ConfigError(`options of ${what}: ${faults.join('; ')}`);
}
