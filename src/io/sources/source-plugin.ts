import type { Readable } from 'node:stream';
import type { Plugin } from '../../core/registry.ts';
import type { Source } from '../../core/source.ts';
import type { BrokerOptions } from '../mqtt/options.ts';

/** What a source gets besides its own options. */
export interface SourceContext {
  readonly streamId: string;
  /** Reports a fault that does not end the source, e.g. a payload that is not a number. */
  readonly warn?: (message: string) => void;
  /** Broker for mqtt sources that name no other. */
  readonly broker?: BrokerOptions;
  /** The input of the stdin source; default: standard input. */
  readonly input?: Readable;
}

export type SourcePlugin<Options> = Plugin<Options, SourceContext, Source>;
