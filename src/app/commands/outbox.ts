import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import type { OutboxQueue, SetAside } from '../../core/store.ts';
import { isoTime } from '../../io/text/alert-payload.ts';
import type { Command, CommandContext } from './command.ts';

const sink = z.string().describe('name of a sink');

const request = z.discriminatedUnion(
  'action',
  [
    z.strictObject({
      action: z
        .literal('list')
        .optional()
        .describe('lists waiting and failed alert states by sink'),
    }),
    z.strictObject({
      action: z.literal('move').describe('moves all of one sink to another that is configured'),
      from: sink.describe('sink to take them from, e.g. the former name of a renamed sink'),
      to: sink.describe('sink to send them'),
    }),
    z.strictObject({
      action: z
        .literal('drop')
        .describe(
          'deletes unsent alert states: those set aside, or all if the sink is not configured',
        ),
      sink,
      all: z
        .boolean()
        .default(false)
        .describe('true: of a sink that is configured also those that wait'),
    }),
    z
      .strictObject({
        action: z.literal('retry').describe('sends failed alert states again'),
        sequence: z.number().int().positive().optional().describe('this one, as it is listed'),
        sink: sink.optional().describe('all of this sink'),
      })
      .refine((asked) => (asked.sequence === undefined) !== (asked.sink === undefined), {
        message: 'expected either sequence or sink',
      }),
  ],
  { error: 'expected list, move, drop or retry' },
);

type Request = z.infer<typeof request>;
type Asked<Action> = Extract<Request, { readonly action: Action }>;

/** Set aside ones that an answer names of a sink. */
const MOST = 100;

/** Alert states that are not sent. The history keeps every alert in any case. */
export const outbox: Command<Request> = {
  verb: 'outbox',
  request,
  run(asked, context) {
    const done = carryOut(asked, context);
    if (done) context.outbox.changed();
    return { ...done, sinks: listed(context) };
  },
};

function carryOut(asked: Request, context: CommandContext): object | undefined {
  switch (asked.action) {
    case 'move':
      return { moved: move(asked, context) };
    case 'drop':
      return { dropped: drop(asked, context) };
    case 'retry':
      return { retried: retry(asked, context) };
    default:
      return undefined;
  }
}

function move({ from, to }: Asked<'move'>, context: CommandContext): number {
  queueNamed(from, context);
  const others = context.outbox.sinkIds().filter((id) => id !== from);
  if (others.includes(to)) return context.store.outbox.move(from, to);
  throw new ConfigError(
    `alerts of '${from}' cannot go to sink '${to}': choose one of ${others.join(', ')}`,
    { code: 'SEN_CFG_OUTBOX_SINK' },
  );
}

function drop({ sink: id, all }: Asked<'drop'>, context: CommandContext): number {
  const { waiting, setAside } = queueNamed(id, context);
  const isConfigured = context.outbox.sinkIds().includes(id);
  if (isConfigured && !all && setAside.length === 0) {
    throw new ConfigError(
      `sink '${id}' is configured and will send what waits for it (${waiting}): all=true drops it unsent`,
      { code: 'SEN_CFG_OUTBOX_IN_USE' },
    );
  }
  return context.store.outbox.drop(id, isConfigured && !all ? 'set aside' : 'all');
}

function retry(asked: Asked<'retry'>, { store }: CommandContext): number {
  const { sequence, sink: id = '' } = asked;
  const retried = store.outbox.retry(sequence === undefined ? { sinkId: id } : { sequence });
  if (retried > 0) return retried;
  const what = sequence === undefined ? `of sink '${id}'` : `with the number ${sequence}`;
  throw new ConfigError(`no alert state ${what} was set aside: ask with action=list`, {
    code: 'SEN_CFG_OUTBOX_EMPTY',
  });
}

function queueNamed(id: string, { store }: CommandContext): OutboxQueue {
  const queues = store.outbox.queues();
  const found = queues.find(({ sinkId }) => sinkId === id);
  if (found) return found;
  const named = queues.map(({ sinkId }) => sinkId).join(', ');
  throw new ConfigError(
    `no alert state waits for sink '${id}': ${named === '' ? 'the outbox is empty' : `choose one of ${named}`}`,
    { code: 'SEN_CFG_OUTBOX_EMPTY' },
  );
}

function listed({ store, outbox: { sinkIds } }: CommandContext): readonly object[] {
  const configured = sinkIds();
  const queues = new Map(store.outbox.queues().map((queue) => [queue.sinkId, queue]));
  return [...new Set([...configured, ...queues.keys()])].map((id) => {
    const { waiting = 0, oldestMs = null, setAside = [] } = queues.get(id) ?? {};
    return {
      sink: id,
      configured: configured.includes(id),
      waiting,
      oldest: oldestMs === null ? null : isoTime(oldestMs),
      setAside: setAside.length,
      entries: setAside.slice(0, MOST).map(shown),
    };
  });
}

function shown({ sequence, alertId, streamId, state, queuedMs, reason }: SetAside): object {
  return { sequence, alert: alertId, stream: streamId, state, queued: isoTime(queuedMs), reason };
}

const testRequest = z.strictObject({ id: sink.describe('name of the sink') });

/** Sends a test message at once, whatever the sink leaves out or holds otherwise. */
export const testSink: Command<z.infer<typeof testRequest>> = {
  verb: 'test-sink',
  request: testRequest,
  async run({ id }, { outbox: { sinks } }) {
    const found = sinks().find((one) => one.id === id);
    if (found?.test) return { sink: id, answer: await found.test() };
    const others = sinks().flatMap((one) => (one.test ? [one.id] : []));
    const why = found ? `sink '${id}' has no test message` : `sink '${id}' is unknown`;
    const remedy =
      others.length === 0
        ? 'only sinks of kind webhook, ntfy and email have one'
        : `choose one of ${others.join(', ')}`;
    throw new ConfigError(`${why}: ${remedy}`, { code: 'SEN_CFG_NO_TEST' });
  },
};
