import { z } from 'zod';
import type { Sink } from '../../core/sink.ts';
import { alertPayload } from '../text/alert-payload.ts';
import type { SinkContext, SinkPlugin } from './sink-plugin.ts';

const logOptions = z.strictObject({
  id: z.string().default('log').describe('name of this sink in the outbox; unique among the sinks'),
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
      const first = payload.attribution[0];
      const blame = first ? `, most of it from ${first.channel}` : '';
      log(
        { alert: payload },
        `${alert.kind} ${alert.state} on ${alert.streamId}: score ${payload.score}${blame}`,
      );
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
