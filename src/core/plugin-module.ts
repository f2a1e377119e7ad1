// An ES module that brings kinds of its own, as it was written by somebody else: looked through, not yet trusted in detail.
import { type ZodType, z } from 'zod';
import { ConfigError } from './errors.ts';
import { pluginFault } from './plugin-fault.ts';
import type { StandardSchema } from './standard-schema.ts';

/** Version of the contracts that a plug-in was written for. Raised when one of them changes so that old plug-ins break. */
export const PLUGIN_API = 1;

/** One kind of something, as a plug-in brings it. What it makes is known to those who ask for it. */
export interface ForeignKind {
  readonly kind: string;
  readonly summary: string;
  readonly options?: StandardSchema;
}

/** Makes one of its kind from options and a context. */
export interface ForeignMaker extends ForeignKind {
  create(options: unknown, context: unknown): unknown;
}

export interface ForeignDetector extends ForeignKind {
  load(model: unknown, kernels: unknown): unknown;
  /** How to train one; without it models come from elsewhere. */
  readonly training?: ForeignTraining;
}

export interface ForeignTraining {
  readonly options?: StandardSchema;
  readonly scaler: 'robust' | 'standard' | 'minmax';
  windowLength(options: unknown): number;
  learn(normal: unknown, options: unknown, context: unknown): Trained | Promise<Trained>;
}

/** What its `load` finds again in the model. */
export interface Trained {
  readonly design: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
  >;
}

export interface PluginModule {
  readonly name: string;
  readonly sources: readonly ForeignMaker[];
  readonly sinks: readonly ForeignMaker[];
  readonly thresholds: readonly ForeignMaker[];
  readonly detectors: readonly ForeignDetector[];
}

/** A plug-in that may be loaded: who may change its file was looked at. */
export interface PluginPlace {
  /** As the configuration names it. */
  readonly named: string;
  /** file: URL of the module. */
  readonly url: string;
}

const aFunction = z.custom((value) => typeof value === 'function', 'expected a function');
const schema = z.custom(
  (value) => typeof (value as Partial<StandardSchema>)?.['~standard']?.validate === 'function',
  "expected a schema with '~standard', as zod, valibot and arktype make them",
);
const kind = {
  kind: z.string().regex(/^[\w-]+$/, 'expected letters, digits, - and _'),
  summary: z.string('expected a line of text for help'),
  options: schema.optional(),
};
const maker = z.object({ ...kind, create: aFunction });
const training = z.object({
  options: schema.optional(),
  scaler: z.enum(['robust', 'standard', 'minmax']),
  windowLength: aFunction,
  learn: aFunction,
});
const detector = z.object({ ...kind, load: aFunction, training: training.optional() });

const shape = z.object({
  name: z.string('expected a name').min(1, 'expected a name'),
  sources: z.array(maker).optional(),
  sinks: z.array(maker).optional(),
  thresholds: z.array(maker).optional(),
  detectors: z.array(detector).optional(),
});

/** In their order; a thread loads them for itself. */
export function importPlugins(places: readonly PluginPlace[]): Promise<PluginModule[]> {
  return Promise.all(places.map(importPlugin));
}

/**
 * Loads the module at `url`; `named` is what the configuration calls it. Throws `ConfigError` when it throws, is none, or
 * was written for other contracts.
 */
export async function importPlugin({ url, named }: PluginPlace): Promise<PluginModule> {
  const found = await exportOf(url, named);
  const { api } = (typeof found === 'object' && found !== null ? found : {}) as { api?: unknown };
  if (api !== PLUGIN_API) {
    throw new ConfigError(
      `plug-in ${named}: found ${found === undefined ? 'no default export' : `api ${String(api)}`}, ` +
        `expected export default { api: ${PLUGIN_API}, name, ... }: ` +
        'take the release of it that was made for this version',
    );
  }
  requireShape(shape, found, named);
  // the objects themselves and not what zod copies of them: they may be classes with a state
  const {
    name,
    sources = [],
    sinks = [],
    thresholds = [],
    detectors = [],
  } = found as Pick<PluginModule, 'name'> & Partial<PluginModule>;
  return { name, sources, sinks, thresholds, detectors };
}

async function exportOf(url: string, named: string): Promise<unknown> {
  try {
    return ((await import(url)) as { default?: unknown }).default;
  } catch (cause) {
    // of a syntax error Node tells the place to nobody but a terminal
    const hint =
      cause instanceof SyntaxError ? `: node --check ${new URL(url).pathname} shows where` : '';
    throw new ConfigError(`${pluginFault(named, cause)}: it cannot be loaded${hint}`, { cause });
  }
}

function requireShape(expected: ZodType, found: unknown, named: string): void {
  const { success, error } = expected.safeParse(found);
  if (success) return;
  const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ConfigError(`plug-in ${named}: ${faults.join('; ')}`);
}
