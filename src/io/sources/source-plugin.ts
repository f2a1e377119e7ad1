import type { Readable } from 'node:stream';
import type { Plugin } from '../../core/registry.ts';
import type { Source } from '../../core/source.ts';
import type { BrokerOptions } from '../mqtt/options.ts';

/** What a source is given beside its own options. */
export interface SourceContext {
  readonly streamId: string;
  /** Tells of faults that do not end the source, e.g. a payload that is no number. */
  readonly warn?: (message: string) => void;
  /** Broker for mqtt sources that name none. */
  readonly broker?: BrokerOptions;
  /** What the stdin source reads instead of standard input. */
  readonly input?: Readable;
}

export type SourcePlugin<Options> = Plugin<Options, SourceContext, Source>;
