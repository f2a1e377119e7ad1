// Faults of sources that show only when one is made: a broken pattern, a topic filter that is none, a recording that is
// not there. Nothing is opened that would disturb a daemon that runs.
import { ConfigError, SourceError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import { brokerOptions } from '../../io/mqtt/options.ts';
import { builtInKinds, type Kinds } from '../plugins/kinds.ts';
import { optionsOf } from './choice.ts';
import type { ConfigDocument, Fault } from './document.ts';
import type { ConfigFile } from './schema.ts';

/** Sources of plug-ins are not made: nobody knows what theirs do then. */
export function sourceFaults(
  { streams, broker, embedded }: ConfigFile,
  document: ConfigDocument,
  kinds: Pick<Kinds, 'sources'>,
): Fault[] {
  const common = broker ?? (embedded.enabled ? brokerOptions.parse({}) : undefined);
  return streams.flatMap(({ id: streamId, source }, index) => {
    const plugin = builtInKinds.sources.get(source.kind);
    if (!plugin || plugin !== kinds.sources.get(source.kind)) return [];
    const context = { streamId, ...(common && { broker: common }) };
    const fault = faultOf(() => plugin.create(optionsOf(source), context), source.kind);
    return fault === undefined ? [] : [document.at(['streams', index, 'source'], fault)];
  });
}

/** A device that is not there may come; a recording that is not there is a wrong name. */
function faultOf(make: () => Source, kind: string): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    if (error instanceof SourceError) return kind === 'csv' ? error.message : undefined;
    throw error;
  }
}
