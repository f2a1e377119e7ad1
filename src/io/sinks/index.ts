import { type Registry, registry } from '../../core/registry.ts';
import { emailSink } from './email.ts';
import { logSink } from './log.ts';
import { mqttSink } from './mqtt.ts';
import { ntfySink } from './ntfy.ts';
import type { SinkPlugin } from './sink-plugin.ts';
import { sparkplugSink } from './sparkplug.ts';
import { webhookSink } from './webhook.ts';

/** All kinds of sinks. The schema of each parses its options before `create`. */
export const sinks: Registry<SinkPlugin<unknown>> = registry<SinkPlugin<unknown>>(
  logSink,
  mqttSink,
  sparkplugSink,
  webhookSink,
  ntfySink,
  emailSink,
);
