// From the names in a configuration to kinds: found, looked at for who may change it, loaded.
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { importPlugin, type PluginModule } from '../../core/plugin-module.ts';
import type { LoadedPlugin } from './kinds.ts';
import { resolvePlugin } from './resolve.ts';
import { requireTrusted } from './trust.ts';

export interface Plugged {
  readonly module: PluginModule;
  readonly plugin: LoadedPlugin;
}

/** Loads what a configuration in `folder` calls `named`. Throws `ConfigError` when it cannot be found, trusted or loaded. */
export async function loadPlugin(named: string, folder: string): Promise<Plugged> {
  const path = resolvePlugin(named, folder);
  requireTrusted(path, named);
  const place = { named, url: pathToFileURL(path).href };
  const { mtimeMs, size } = statSync(path);
  const module = await importPlugin(place);
  return {
    module,
    plugin: { ...place, name: module.name, brings: bringsOf(module), stamp: `${mtimeMs} ${size}` },
  };
}

function bringsOf({ sources, sinks, detectors, thresholds }: PluginModule): string[] {
  const lists = { source: sources, sink: sinks, detector: detectors, threshold: thresholds };
  return Object.entries(lists).flatMap(([what, list]) => list.map(({ kind }) => `${what} ${kind}`));
}
