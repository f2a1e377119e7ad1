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
  const plugged: Plugged[] = [];
  for (const [index, named] of namesIn(document).entries()) {
    try {
      plugged.push(await loadPlugin(named, folder));
      kindsWith(plugged); // each beside those before it
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(document.at(['plugins', index], error.message));
    }
  }
  return { kinds: faults.length > 0 ? builtInKinds : kindsWith(plugged), faults };
}

/** None where the list is not as it should be: the schema tells of that. */
function namesIn({ data }: ConfigDocument): readonly string[] {
  const { plugins } = (data ?? {}) as { readonly plugins?: unknown };
  return Array.isArray(plugins) ? plugins.filter((name) => typeof name === 'string') : [];
}
