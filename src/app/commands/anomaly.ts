// Marks a stretch of the past as an anomaly: training never uses its rows.
import { z } from 'zod';
import type { MarkedStretch } from '../../core/decisions.ts';
import { ConfigError, KnownError } from '../../core/errors.ts';
import { isoTime } from '../../io/text/alert-payload.ts';
import { type Command, type CommandContext, streamsNamed } from './command.ts';
import { outcomeOf } from './models.ts';

/** ISO 8601; without an offset it is the time of the device. */
const time = z.iso.datetime({ offset: true, local: true });

const request = z
  .strictObject({
    stream: z.string().optional().describe('which stream; alone: lists its stretches'),
    from: time.optional().describe("begin, ISO 8601; without an offset in the device's time zone"),
    to: time.optional().describe('end, like from'),
    retrain: z
      .boolean()
      .default(true)
      .describe('false: marks the stretch only, e.g. because more are to follow'),
    undo: z.string().optional().describe('id of a stretch: training may use its rows again'),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    message: 'expected both from and to',
  })
  .refine(({ stream, from }) => from === undefined || stream !== undefined, {
    message: 'expected stream with from and to',
  })
  .refine(({ from, undo }) => from === undefined || undo === undefined, {
    message: 'expected either from and to, or undo',
  });

/** Stretches of all streams; each makes a training a little slower. */
const MOST = 200;

/**
 * Marks a stretch and trains the stream again without it; without from and to it lists the stretches. Answers when the new
 * model is live, or with what speaks against it; the stretch stays marked either way.
 */
export const anomaly: Command<z.infer<typeof request>> = {
  verb: 'anomaly',
  request,
  run({ stream, from, to, retrain, undo }, context) {
    const named = stream === undefined ? undefined : streamsNamed(stream, context);
    if (undo !== undefined) return removed(undo, context);
    if (stream === undefined || from === undefined || to === undefined) {
      const all = context.store.decisions.list('anomaly');
      return { stretches: all.filter((one) => named?.includes(one.streamId) ?? true).map(shown) };
    }
    return mark(
      { streamId: stream, fromMs: Date.parse(from), toMs: Date.parse(to) },
      retrain,
      context,
    );
  },
};

function removed(id: string, { store }: CommandContext): object {
  if (store.decisions.remove('anomaly', id)) return { id, marked: false };
  throw new ConfigError(`no stretch '${id}' is marked: ask without a time for a list`, {
    code: 'SEN_CFG_UNKNOWN_STRETCH',
  });
}

async function mark(
  { streamId, fromMs, toMs }: Omit<MarkedStretch, 'id'>,
  retrains: boolean,
  context: CommandContext,
): Promise<object> {
  const { decisions } = context.store;
  requireStretch(fromMs, toMs, context.now());
  const retraining = context.retraining(streamId);
  const kept = keptIn({ streamId, fromMs, toMs }, retraining.keptSpan());
  if (decisions.list('anomaly').length >= MOST) {
    throw new ConfigError(`${MOST} stretches are marked already: remove some with undo=<id>`, {
      code: 'SEN_CFG_STRETCH',
    });
  }
  const id = `${streamId}-${isoTime(fromMs).replace(/[-:]|\.\d+/g, '')}`;
  const stretch = { id, streamId, fromMs, toMs };
  decisions.put('anomaly', id, stretch);
  const marked = {
    ...shown(stretch),
    marked: true,
    notes: notesOn(stretch, kept, context),
  };
  if (!retrains) return marked;
  try {
    const { id: model, ...outcome } = outcomeOf(streamId, await retraining.retrain('asked'));
    return { ...marked, ...outcome, model };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const message = `the stretch is marked, but stream '${streamId}' was not trained again: ${error.message}`;
    return { ...marked, used: false, reason: error.message, message };
  }
}

function requireStretch(fromMs: number, toMs: number, nowMs: number): void {
  const fault =
    toMs <= fromMs
      ? `ends at ${isoTime(toMs)}, not after its begin at ${isoTime(fromMs)}`
      : toMs > nowMs
        ? `ends at ${isoTime(toMs)}, which is to come`
        : undefined;
  if (fault === undefined) return;
  throw new ConfigError(`the stretch ${fault}: name a stretch of the past, from < to`, {
    code: 'SEN_CFG_STRETCH',
  });
}

/** Times of the first and last kept row. Throws `ConfigError` when none is in the stretch: rows that are gone do not come back. */
function keptIn(
  { streamId, fromMs, toMs }: Omit<MarkedStretch, 'id'>,
  span: readonly [fromMs: number, toMs: number] | undefined,
): readonly [fromMs: number, toMs: number] {
  if (span && toMs >= span[0] && fromMs <= span[1]) return span;
  const found = span
    ? `no row of stream '${streamId}' is in the stretch, ${keptText(span)}`
    : `stream '${streamId}' keeps no rows`;
  const remedy = span ? 'name a stretch within these' : 'set retrain.keepHours';
  throw new ConfigError(`${found}: nothing can be left out: ${remedy}`, {
    code: 'SEN_CFG_STRETCH',
  });
}

function keptText([fromMs, toMs]: readonly [fromMs: number, toMs: number]): string {
  return `its kept rows are from ${isoTime(fromMs)} to ${isoTime(toMs)}`;
}

/** What a person may not expect of the stretch. */
function notesOn(
  { streamId, fromMs, toMs }: MarkedStretch,
  kept: readonly [fromMs: number, toMs: number],
  { answers }: CommandContext,
): readonly string[] {
  const normals = answers
    .list()
    .filter((one) => one.streamId === streamId && one.fromMs <= toMs && one.toMs >= fromMs)
    .map(
      ({ alertId }) =>
        `alert ${alertId} in it was called normal: normal alert=${alertId} undo=true`,
    );
  const isPartly = fromMs < kept[0] || toMs > kept[1];
  return [...(isPartly ? [`${keptText(kept)}: the stretch is partly outside`] : []), ...normals];
}

function shown({ id, streamId, fromMs, toMs }: MarkedStretch): object {
  return { id, stream: streamId, from: isoTime(fromMs), to: isoTime(toMs) };
}
