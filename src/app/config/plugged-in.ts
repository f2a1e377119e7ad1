// The plug-ins that a configuration names, before anything else in it can be judged.
import { ConfigError } from '../../core/errors.ts';
import { builtInKinds, type Kinds, kindsWith } from '../plugins/kinds.ts';
import { loadPlugin, type Plugged } from '../plugins/load-plugins.ts';
import type { ConfigDocument, Fault } from './document.ts';

export interface PluggedIn {
  readonly kinds: Kinds;
  /** Of all plug-ins that cannot be used. */
  readonly faults: readonly Fault[];
}

/** `folder` is that of the configuration. */
export async function pluggedIn(document: ConfigDocument, folder: string): Promise<PluggedIn> {
  const faults: Fault[] = [];
  let plugged: readonly Plugged[] = [];
  let kinds = builtInKinds;
  for (const [index, named] of listIn(document).entries()) {
    if (typeof named !== 'string') continue; // the schema tells of that
    try {
      const more = [...plugged, await loadPlugin(named, folder)];
      kinds = kindsWith(more); // each beside those that can be used
      plugged = more;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(document.at(['plugins', index], error.message));
    }
  }
  return { kinds, faults };
}

function listIn({ data }: ConfigDocument): readonly unknown[] {
  const { plugins } = (data ?? {}) as { readonly plugins?: unknown };
  return Array.isArray(plugins) ? plugins : [];
}
