import type { LoadedPlugin } from '../../plugins/kinds.ts';
import { type Finding, ok } from '../finding.ts';

/** Those that can be used; the check of the configuration tells of the others. */
export function checkPlugins(plugins: readonly LoadedPlugin[]): Finding[] {
  return plugins.map(({ named, name, brings }) =>
    ok('plug-in', `${name} (${named}) brings ${brings.join(', ') || 'nothing'}`),
  );
}
