// Which states of alerts people are told, and when: by kind of news, by severity, and not while they sleep.
import { z } from 'zod';
import { type Alert, SEVERITY_RANK } from '../../../core/alert.ts';
import type { Holding } from '../../../core/sink.ts';
import { quietHours, quietHoursOptions } from './quiet-hours.ts';

const NOTICES = ['opened', 'worse', 'updated', 'reminder', 'closed'] as const;

/** News of an alert: `worse` is a rise of its severity, `updated` any other change. */
export type Notice = (typeof NOTICES)[number];

/** Options of sinks for people. */
export const noticeOptions = {
  states: z
    .array(z.enum(NOTICES))
    .min(1)
    .default(['opened', 'worse', 'reminder', 'closed'])
    .describe(
      'news to send: opened, worse (its severity has risen), updated (another change), reminder (it is still open), closed',
    ),
  minSeverity: z
    .enum(['info', 'warning', 'critical'])
    .default('info')
    .describe('alerts below this severity are not sent'),
  quietHours: quietHoursOptions
    .optional()
    .describe(
      'hours in which only critical alerts are sent; of the others the newest news is sent afterwards',
    ),
};

export interface Notices {
  /** undefined = nothing is to be sent. */
  of(alert: Alert): Notice | undefined;
  /** To be called when the alert is sent, or need not be. */
  done(alert: Alert): void;
  /** Nothing is sent until then, Unix milliseconds: the receiver has asked for it. */
  pause(untilMs: number): void;
  readonly holding: Holding;
}

export type NoticeOptions = z.infer<z.ZodObject<typeof noticeOptions>>;

/**
 * What was told is not known after a restart: the next state of an open alert is then sent as `opened`, because news that is
 * sent twice is better than none.
 */
export function createNotices(options: NoticeOptions): Notices {
  const least = SEVERITY_RANK[options.minSeverity];
  const wanted = new Set<Notice>(options.states);
  const quietUntil = options.quietHours ? quietHours(options.quietHours) : () => undefined;
  /** Rank of the severity that was told last, by the id of an open alert. */
  const told = new Map<string, number>();
  let pausedUntilMs = 0;
  const of = (alert: Alert): Notice | undefined => {
    const known = told.get(alert.id);
    if (SEVERITY_RANK[alert.severity] < least && known === undefined) return undefined;
    const notice = noticeOf(alert, known);
    return wanted.has(notice) ? notice : undefined;
  };
  return {
    of,
    done(alert) {
      const rank = SEVERITY_RANK[alert.severity];
      if (alert.state === 'closed') told.delete(alert.id);
      else if (rank >= least) told.set(alert.id, Math.max(rank, told.get(alert.id) ?? 0));
    },
    pause(untilMs) {
      pausedUntilMs = untilMs;
    },
    holding: {
      dueMs(alert, nowMs) {
        if (pausedUntilMs > nowMs) return pausedUntilMs;
        if (alert.severity === 'critical') return undefined;
        const then = quietUntil(alert.timeMs);
        const now = quietUntil(nowMs);
        return then === undefined ? now : Math.max(then, now ?? then);
      },
      covers(later, earlier) {
        const rank = SEVERITY_RANK[later.severity];
        return rank >= least && wanted.has(noticeOf(later, SEVERITY_RANK[earlier.severity]));
      },
    },
  };
}

function noticeOf(alert: Alert, toldRank: number | undefined): Notice {
  if (alert.state !== 'updated') return alert.state;
  if (alert.reminder) return 'reminder';
  if (toldRank === undefined) return 'opened';
  return SEVERITY_RANK[alert.severity] > toldRank ? 'worse' : 'updated';
}
