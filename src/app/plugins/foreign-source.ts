// A source of a plug-in: what it throws is a `SourceError` that names the plug-in, and its samples have the right form.
import { ConfigError, KnownError, SourceError } from '../../core/errors.ts';
import { foreignOptions } from '../../core/foreign-options.ts';
import { pluginFault } from '../../core/plugin-fault.ts';
import type { ForeignMaker } from '../../core/plugin-module.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import type { SourcePlugin } from '../../io/sources/source-plugin.ts';
import type { OpenedSource } from './contract.ts';

/** `plugin` is the name of the plug-in that brings it. */
export function foreignSource(theirs: ForeignMaker, plugin: string): SourcePlugin<unknown> {
  const { kind, summary, options } = theirs;
  return {
    kind,
    summary,
    options: foreignOptions(options, plugin),
    create(chosen, context) {
      const fault = (cause: unknown) => pluginFault(plugin, cause, chosen);
      try {
        return guarded(theirs.create(chosen, context) as OpenedSource, context.streamId, fault);
      } catch (cause) {
        if (cause instanceof KnownError) throw cause;
        throw new ConfigError(fault(cause), { code: 'SEN_CFG_PLUGIN_MAKE', cause });
      }
    },
  };
}

/** `fault` says what the plug-in threw, in words that quote none of its options. */
function guarded(
  source: OpenedSource,
  streamId: string,
  fault: (cause: unknown) => string,
): Source {
  if (typeof source.live !== 'boolean' || typeof source.samples !== 'function') {
    throw new TypeError('a source was made without live, true or false, and a function samples');
  }
  const channels = (): readonly Channel[] => channelsOf(source.channels);
  return {
    id: streamId,
    live: source.live,
    get channels() {
      return channels();
    },
    async *samples(signal) {
      try {
        for await (const sample of source.samples(signal)) {
          yield sampleOf(sample, streamId, channels().length);
        }
      } catch (cause) {
        if (signal.aborted) return; // what ends a wait is often an error
        if (cause instanceof KnownError) throw cause;
        throw new SourceError(fault(cause), { code: 'SEN_SRC_PLUGIN', cause });
      }
    },
  };
}

function channelsOf(channels: readonly Channel[] = []): readonly Channel[] {
  const wrong = channels.find(({ id, unit }) => typeof id !== 'string' || typeof unit !== 'string');
  if (!wrong) return channels;
  throw new TypeError(`a channel is ${JSON.stringify(wrong)}, expected { id, unit }`);
}

/** Lists of numbers are welcome; what is no number is no reading. */
function sampleOf(
  { timeMs, values }: Pick<Sample, 'timeMs'> & { readonly values: ArrayLike<number> },
  streamId: string,
  width: number,
): Sample {
  if (typeof timeMs !== 'number') {
    throw new TypeError(`a sample has timeMs ${timeMs}, expected Unix milliseconds`);
  }
  if (values?.length !== width) {
    throw new TypeError(
      `a sample has ${values?.length ?? 'no'} values, expected one for each of ${width} channels`,
    );
  }
  return { streamId, timeMs, values: Float64Array.from(values, reading) };
}

function reading(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
