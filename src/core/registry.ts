import type { ZodType } from 'zod';
import { ConfigError } from './errors.ts';
import { faultTexts } from './issue-words.ts';

/** One kind of source, sink, detector and so on: its options with defaults, as a zod schema, and how to make it. */
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

/** `plugins` and those of `from`. Throws `ConfigError` when a kind exists already. */
export function extended<P extends { readonly kind: string }>(
  plugins: Registry<P>,
  added: readonly P[],
  { what, from }: { readonly what: string; readonly from: string },
): Registry<P> {
  const all = new Map(plugins);
  for (const plugin of added) {
    if (all.has(plugin.kind)) {
      throw new ConfigError(
        `plug-in ${from}: ${what} '${plugin.kind}' exists already: remove one of the two`,
        { code: 'SEN_CFG_PLUGIN_TWICE' },
      );
    }
    all.set(plugin.kind, plugin);
  }
  return all;
}

/** Throws `ConfigError` that names the known kinds. */
export function lookUp<P extends { readonly kind: string }>(
  plugins: Registry<P>,
  kind: string,
  what: string,
): P {
  const plugin = plugins.get(kind);
  if (plugin) return plugin;
  throw new ConfigError(
    `${what} '${kind}' is unknown: choose one of ${[...plugins.keys()].join(', ')}`,
    { code: 'SEN_CFG_UNKNOWN_KIND' },
  );
}

/**
 * The options as the schema of the plug-in reads them, with defaults. Throws `ConfigError` that names every fault; `what`
 * is the owner of the options in messages, e.g. `source host`.
 */
export function parseOptions<Options>(
  schema: ZodType<Options>,
  options: unknown,
  what: string,
): Options {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = faultTexts(parsed.error, options, { schema });
  throw new ConfigError(`options of ${what}: ${faults.join('; ')}`, {
    code: 'SEN_CFG_KIND_OPTIONS',
  });
}

/** Decimals that JSON does not have: `.3`, `5.`, `+1`. */
const DECIMAL = /^[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/** The value of a `key=value`: a decimal number, other JSON, else a plain word. */
export function settingValue(text: string): unknown {
  if (DECIMAL.test(text)) return Number(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
