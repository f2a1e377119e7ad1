// All that can be chosen by `kind` in a configuration: what is built in, and what plug-ins bring.
import type { PluginModule, PluginPlace } from '../../core/plugin-module.ts';
import { extended, type Registry } from '../../core/registry.ts';
import { type DetectionKinds, detectionKinds } from '../../detectors/index.ts';
import { sinks } from '../../io/sinks/index.ts';
import type { SinkPlugin } from '../../io/sinks/sink-plugin.ts';
import { sources } from '../../io/sources/index.ts';
import type { SourcePlugin } from '../../io/sources/source-plugin.ts';
import { foreignSink } from './foreign-sink.ts';
import { foreignSource } from './foreign-source.ts';

export interface Kinds extends DetectionKinds {
  readonly sources: Registry<SourcePlugin<unknown>>;
  readonly sinks: Registry<SinkPlugin<unknown>>;
  /** Detectors that a stream can learn. */
  readonly learnable: readonly string[];
  /** Where the others came from, for threads and for those who ask. */
  readonly plugins: readonly LoadedPlugin[];
}

export interface LoadedPlugin extends PluginPlace {
  /** What it calls itself. */
  readonly name: string;
  /** The kinds it brings, e.g. `source meter`. */
  readonly brings: readonly string[];
  /** Changes with its file. */
  readonly stamp: string;
}

const own = detectionKinds();

export const builtInKinds: Kinds = {
  ...own,
  sources,
  sinks,
  learnable: [...own.detectors.keys()],
  plugins: [],
};

/** Throws `ConfigError` when two of a sort have one name. */
export function kindsWith(
  plugged: readonly { readonly module: PluginModule; readonly plugin: LoadedPlugin }[],
): Kinds {
  const modules = plugged.map(({ module }) => module);
  const trained = modules.flatMap(({ detectors }) => detectors.filter(({ training }) => training));
  return {
    ...detectionKinds(modules),
    sources: modules.reduce(
      (all, { name, sources: theirs }) =>
        extended(
          all,
          theirs.map((source) => foreignSource(source, name)),
          { what: 'source', from: name },
        ),
      builtInKinds.sources,
    ),
    sinks: modules.reduce(
      (all, { name, sinks: theirs }) =>
        extended(
          all,
          theirs.map((sink) => foreignSink(sink, name)),
          { what: 'sink', from: name },
        ),
      builtInKinds.sinks,
    ),
    learnable: [...builtInKinds.learnable, ...trained.map(({ kind }) => kind)],
    plugins: plugged.map(({ plugin }) => plugin),
  };
}
