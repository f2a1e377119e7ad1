import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import type { Control } from '../../core/control.ts';
import type { Plugin } from '../../core/registry.ts';
import type { Channel } from '../../core/sample.ts';
import type { Sink } from '../../core/sink.ts';
import type { BrokerOptions } from '../mqtt/options.ts';

/** What a sink gets besides its own options. */
export interface SinkContext {
  /** Name of this device, one topic level. */
  readonly node: string;
  readonly version: string;
  readonly streams: readonly { readonly id: string; readonly channels: readonly Channel[] }[];
  /** Broker for sinks that name no other. */
  readonly broker?: BrokerOptions;
  /** The daemon, to show and to control; absent = there is none, as in a test of a sink. */
  readonly control?: Control;
  /** Address of the web page for people on the network; absent = there is none that they can reach. */
  readonly pageUrl?: string;
  /** Alerts of an earlier run that are still open. */
  readonly open?: readonly Alert[];
  /** Where the log sink writes. */
  readonly log: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  /** Reports a fault that the sink handles itself, e.g. a lost connection; once per outage. */
  readonly warn?: (message: string) => void;
  /** Called when a sink can send again, so that the outbox does not wait for its next attempt. */
  readonly ready?: () => void;
}

export type SinkPlugin<Options> = Plugin<Options, SinkContext, Sink>;

/** The option `id` of a sink, by default the kind. */
export function sinkId(kind: string) {
  return z
    .string()
    .default(kind)
    .describe('name of this sink in the outbox; unique among the sinks');
}
