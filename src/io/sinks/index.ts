import { type Registry, registry } from '../../core/registry.ts';
import { logSink } from './log.ts';
import { mqttSink } from './mqtt.ts';
import type { SinkPlugin } from './sink-plugin.ts';
import { sparkplugSink } from './sparkplug.ts';

/** All kinds of sinks. The schema of each parses its options before `create`. */
export const sinks: Registry<SinkPlugin<unknown>> = registry<SinkPlugin<unknown>>(
  logSink,
  mqttSink,
  sparkplugSink,
);
