import { z } from 'zod';
import type { Sink } from '../../core/sink.ts';
import { alertPayload } from '../text/alert-payload.ts';
import { type SinkContext, type SinkPlugin, sinkId } from './sink-plugin.ts';

const logOptions = z.strictObject({
  id: sinkId('log'),
});

type LogOptions = z.infer<typeof logOptions>;

/** Writes alerts to the daemon's log. */
export const logSink: SinkPlugin<LogOptions> = {
  kind: 'log',
  summary: "alerts as lines of the daemon's log",
  options: logOptions,
  create: createLogSink,
};

function createLogSink({ id }: LogOptions, { log }: SinkContext): Sink {
  return {
    id,
    send(alert) {
      const payload = alertPayload(alert);
      log(
        { alert: payload },
        `${alert.severity} alert ${alert.state} on ${alert.streamId}: ${payload.message}`,
      );
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
