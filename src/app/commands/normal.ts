// Verbs that call an alert normal, and that silence a stream.
import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import type { NormalAnswer } from '../../core/decisions.ts';
import { ConfigError } from '../../core/errors.ts';
import { isoTime } from '../../io/text/alert-payload.ts';
import { alertSentence } from '../../io/text/alert-sentence.ts';
import { answerView } from '../decisions/likeness-text.ts';
import { DEFAULT_DAYS } from '../decisions/normal-answers.ts';
import { alertNamed, type Command, type CommandContext, streamsNamed } from './command.ts';

/** Longer would be for ever. */
const MOST_DAYS = 3660;

/** What is done instead of the usual, one at a time. */
const HOW = ['preview', 'stays', 'undo'] as const;

const normalRequest = z
  .strictObject({
    alert: z.string().optional().describe('id of the alert'),
    stream: z
      .string()
      .optional()
      .describe('the open anomaly of this stream, or the newest within a day'),
    hour: z
      .enum(['any', 'same'])
      .default('any')
      .describe('same: holds only within an hour of the time of day at which the alert began'),
    days: z
      .number()
      .positive()
      .max(MOST_DAYS)
      .default(DEFAULT_DAYS)
      .describe('how long it holds')
      .meta({ unit: 'days' }),
    preview: z.boolean().default(false).describe('true: says what would be quiet, changes nothing'),
    stays: z
      .boolean()
      .default(false)
      .describe(
        'true: what the open alert shows will stay: the alert closes as accepted, and the stream trains on the rows since it began',
      ),
    undo: z.boolean().default(false).describe('true: removes the answer about that alert'),
  })
  .refine(({ alert, stream }) => alert === undefined || stream === undefined, {
    message: 'expected either alert or stream',
  })
  .refine(({ alert, stream, ...how }) => alert ?? stream ?? !HOW.some((key) => how[key]), {
    message: 'expected alert or stream',
  })
  .refine((how) => HOW.filter((key) => how[key]).length <= 1, {
    message: `expected one of ${HOW.join(', ')}`,
  });

type NormalRequest = z.infer<typeof normalRequest>;

const DAY_MS = 86_400_000;

/**
 * Calls an alert normal: what is like it (its channels, on the same side, not much higher or longer) is kept and not sent
 * until the answer expires, and training may use its rows. Without a name it lists the answers that hold.
 */
export const normal: Command<NormalRequest> = {
  verb: 'normal',
  request: normalRequest,
  run(asked, context) {
    const { alert: id, stream, undo, preview, stays } = asked;
    if (id === undefined && stream === undefined) {
      return { normals: context.answers.list().map(answerView) };
    }
    const known = id === undefined ? undefined : context.answers.of(id);
    if (undo && known) return undone(known, context); // its alert may be gone
    const alert = alertOf(asked, context);
    if (alert.kind !== 'anomaly') {
      throw new ConfigError(`alert '${alert.id}' is of kind ${alert.kind}, expected an anomaly`, {
        code: 'SEN_CFG_NO_ANOMALY',
      });
    }
    if (stays) return accepted(alert, context);
    const earlier = context.answers.of(alert.id);
    if (undo) return earlier ? undone(earlier, context) : notUndone(alert.id);
    const wish = { days: asked.days, sameHour: asked.hour === 'same' };
    const { length } = context.store.states(alert.id);
    const answer = context.answers.draft(context.asOfNow(alert), length, wish);
    if (preview) return { ...answerView(answer), normal: earlier !== undefined };
    const dropped = context.answers.add(answer);
    tell(answer.streamId, context);
    return {
      ...answerView(answer),
      normal: true,
      ...(dropped && { dropped: answerView(dropped) }),
    };
  },
};

function accepted({ id, streamId, outcome }: Alert, context: CommandContext): object {
  if (outcome === 'accepted') return { alert: id, accepted: true, was: true };
  if (context.accept(streamId, id)) return { alert: id, accepted: true, trains: true };
  throw new ConfigError(
    `alert '${id}' is not open: only what an open alert shows can stay; leave out stays=true`,
    { code: 'SEN_CFG_NOT_OPEN' },
  );
}

function undone({ alertId, streamId }: NormalAnswer, context: CommandContext): object {
  context.answers.remove(alertId);
  tell(streamId, context);
  return { alert: alertId, normal: false, was: true };
}

function notUndone(alertId: string): object {
  return { alert: alertId, normal: false, was: false };
}

function tell(streamId: string, context: CommandContext): void {
  context.review(streamId);
  context.changed();
}

function alertOf({ alert, stream }: NormalRequest, context: CommandContext): Alert {
  if (alert !== undefined) {
    const found = alertNamed(alert, context);
    streamsNamed(found.streamId, context);
    return found;
  }
  const [id = ''] = streamsNamed(stream, context);
  const isAnomaly = ({ kind }: Alert): boolean => kind === 'anomaly';
  const open = context.store.openAlerts(id).filter(isAnomaly);
  if (open.length > 1) throw several(id, open);
  const nowMs = context.now();
  const newest = open[0] ?? context.store.alerts(id, nowMs - DAY_MS, nowMs).findLast(isAnomaly);
  if (newest) return newest;
  throw new ConfigError(
    `stream '${id}' had no anomaly within a day: name an older alert by its id`,
    { code: 'SEN_CFG_NO_ANOMALY' },
  );
}

/** An answer about the wrong one would hide what is a fault. */
function several(streamId: string, open: readonly Alert[]): ConfigError {
  const named = open.map((alert) => `${alert.id} (${alertSentence(alert)})`).join('; ');
  return new ConfigError(
    `stream '${streamId}' has ${open.length} open anomalies: name one with alert=<id> instead of stream: ${named}`,
    { code: 'SEN_CFG_SEVERAL_ANOMALIES' },
  );
}

/** A month. */
const MOST_MINUTES = 31 * 1440;

const silenceRequest = z.strictObject({
  stream: z.string().optional().describe('which stream; default: all'),
  minutes: z
    .number()
    .min(0)
    .max(MOST_MINUTES)
    .describe('for how long from now; 0 ends the silence')
    .meta({ unit: 'min' }),
});

type SilenceRequest = z.infer<typeof silenceRequest>;

/** Alerts are saved and not sent for a while. If an alert is still open when the silence ends, it is sent then. */
export const silence: Command<SilenceRequest> = {
  verb: 'silence',
  request: silenceRequest,
  run({ stream, minutes }, context) {
    const ids = streamsNamed(stream, context);
    for (const id of ids) context.quiet.silence(id, minutes);
    return {
      silences: ids.map((id) => ({
        stream: id,
        until: timeText(context.quiet.silencedUntilMs(id)),
      })),
    };
  },
};

function timeText(timeMs: number | null): string | null {
  return timeMs === null ? null : isoTime(timeMs);
}
