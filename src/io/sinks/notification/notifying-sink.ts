// What all sinks for people have in common; each adds how it delivers one message.
import { randomUUID } from 'node:crypto';
import type { Alert } from '../../../core/alert.ts';
import type { Sink } from '../../../core/sink.ts';
import type { SinkContext } from '../sink-plugin.ts';
import { createNotices, type Notice, type NoticeOptions } from './notices.ts';
import { type Fields, fieldsOf } from './template.ts';

export interface Notification {
  readonly alert: Alert;
  readonly notice: Notice;
  readonly fields: Fields;
  /** The same whenever this state of the alert is sent again, for receivers to drop doubles. */
  readonly id: string;
  /** Asks for no further notification for this time, milliseconds. */
  readonly pause: (ms: number) => void;
}

/** `deliver` resolves with what the other side answered, and rejects with `SinkError`. */
export function notifyingSink(
  options: NoticeOptions & { readonly id: string },
  context: SinkContext,
  deliver: (notification: Notification) => Promise<string>,
): Sink {
  const notices = createNotices(options);
  const send = (alert: Alert, notice: Notice, pause: (ms: number) => void): Promise<string> =>
    deliver({
      ...{ alert, notice, pause },
      fields: fieldsOf(alert, notice, context.node),
      id: `${alert.id}.${notice}.${alert.timeMs}`,
    });
  return {
    id: options.id,
    holding: notices.holding,
    async send(alert) {
      const notice = notices.of(alert);
      if (notice) await send(alert, notice, (ms) => notices.pause(Date.now() + ms));
      notices.done(alert);
    },
    test: () => send(testAlert(context.node, Date.now()), 'opened', () => undefined),
    close: () => Promise.resolve(), // each message has a connection of its own
  };
}

function testAlert(node: string, timeMs: number): Alert {
  return {
    id: `test-${randomUUID()}`,
    ...{ kind: 'anomaly', streamId: 'test', state: 'opened', severity: 'info' },
    ...{ timeMs, startMs: timeMs, endMs: null, score: 1, peak: 1, level: 1 },
    ...{ channels: [], modelId: '', imputed: 0 },
    message: `Test message of Sentigon on ${node}: nothing has happened.`,
  };
}
