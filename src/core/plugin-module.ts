// An ES module with sources, sinks, detectors or thresholds of another author: its shape is checked, its results are not.
import { type ZodType, z } from 'zod';
import { ConfigError } from './errors.ts';
import { pluginFault } from './plugin-fault.ts';

/** Version of the contracts that a plug-in is written for. It is raised with each change that breaks old plug-ins. */
export const PLUGIN_API = 1;

/** One kind of source, sink, detector or threshold in a plug-in. */
export interface ForeignKind {
  readonly kind: string;
  readonly summary: string;
  readonly options?: StandardSchema;
}

/** Makes a source, sink or threshold from options and a context. */
export interface ForeignMaker extends ForeignKind {
  create(options: unknown, context: unknown): unknown;
}

export interface ForeignDetector extends ForeignKind {
  load(model: unknown, kernels: unknown): unknown;
  /** How to train one; absent = it runs models that were trained elsewhere. */
  readonly training?: ForeignTraining;
}

export interface ForeignTraining {
  readonly options?: StandardSchema;
  readonly scaler: 'robust' | 'standard' | 'minmax';
  windowLength(options: unknown): number;
  learn(normal: unknown, options: unknown, context: unknown): Trained | Promise<Trained>;
}

/** What training puts into the model, and `load` reads from it. */
export interface Trained {
  readonly design: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
  >;
}

/** The part of https://standardschema.dev, version 1, that zod (3.24 and later), valibot, arktype and others share. */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): StandardResult | Promise<StandardResult>;
  };
}

export type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export interface PluginModule {
  readonly name: string;
  readonly sources: readonly ForeignMaker[];
  readonly sinks: readonly ForeignMaker[];
  readonly thresholds: readonly ForeignMaker[];
  readonly detectors: readonly ForeignDetector[];
}

/** A plug-in that may be loaded: the owner and mode of its file were checked. */
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

/** In their order. Each thread loads its own. */
export function importPlugins(places: readonly PluginPlace[]): Promise<PluginModule[]> {
  return Promise.all(places.map(importPlugin));
}

/**
 * Loads the module at `url`; `named` is its name in the configuration. Throws `ConfigError` when the module throws, is not
 * a plug-in, or is written for another version of the contracts.
 */
export async function importPlugin({ url, named }: PluginPlace): Promise<PluginModule> {
  const found = await exportOf(url, named);
  const { api } = (typeof found === 'object' && found !== null ? found : {}) as { api?: unknown };
  if (api !== PLUGIN_API) {
    throw new ConfigError(
      `plug-in ${named}: found ${found === undefined ? 'no default export' : `api ${String(api)}`}, ` +
        `expected export default { api: ${PLUGIN_API}, name, ... }: ` +
        'take the release of it that was made for this version',
      { code: 'SEN_CFG_PLUGIN_API' },
    );
  }
  requireShape(shape, found, named);
  // the objects themselves, not the copies that zod makes: they may be instances of classes
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
    // Node prints the place of a syntax error to a terminal only
    const hint =
      cause instanceof SyntaxError ? `: node --check ${new URL(url).pathname} shows where` : '';
    throw new ConfigError(`${pluginFault(named, cause)}: it cannot be loaded${hint}`, {
      code: 'SEN_CFG_PLUGIN_LOAD',
      cause,
    });
  }
}

function requireShape(expected: ZodType, found: unknown, named: string): void {
  const { success, error } = expected.safeParse(found);
  if (success) return;
  const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ConfigError(`plug-in ${named}: ${faults.join('; ')}`, { code: 'SEN_CFG_PLUGIN_SHAPE' });
}
