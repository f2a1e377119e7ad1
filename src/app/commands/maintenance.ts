import { z } from 'zod';
import type { MaintenanceWindow } from '../../core/decisions.ts';
import { ConfigError } from '../../core/errors.ts';
import { isoTime } from '../../io/text/alert-payload.ts';
import { isOpen, WEEKDAYS } from '../decisions/quiet.ts';
import { type Command, type CommandContext, streamsNamed } from './command.ts';

/** A longer window could stay open for ever. */
const MOST_MINUTES = 7 * 1440 - 1;

const weekday = z.enum(WEEKDAYS);

const add = z
  .strictObject({
    action: z.literal('add').describe('adds a window, or replaces the one of that id'),
    id: z
      .string()
      .regex(/^[\w-]+$/, { message: 'expected letters, digits, - and _ only' })
      .optional()
      .describe('name of the window; default: the next free window-<n>'),
    stream: z.string().optional().describe('which stream; default: all'),
    weekdays: z
      .preprocess(listed, z.array(weekday).min(1))
      .optional()
      .describe('sun, mon, ...: days of a window that recurs; default: every day'),
    time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'expected HH:MM' })
      .optional()
      .describe("begin of a window that recurs, HH:MM in the device's time zone"),
    at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('begin of a single window, ISO 8601; default: now'),
    minutes: z.number().positive().max(MOST_MINUTES).describe('length').meta({ unit: 'min' }),
  })
  .refine(({ time, at }) => time === undefined || at === undefined, {
    message: 'expected either time or at',
  })
  .refine(({ time, weekdays }) => weekdays === undefined || time !== undefined, {
    message: 'weekdays need a time',
  });

const request = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('list').describe('names all windows') }),
  add,
  z.strictObject({
    action: z.literal('remove').describe('removes a window'),
    id: z.string().describe('name of the window'),
  }),
]);

type Request = z.infer<typeof request>;

/** Planned work: alerts are not sent, and rows are not used for training. Answers with all windows. */
export const maintenance: Command<Request> = {
  verb: 'maintenance',
  request,
  run(asked, context) {
    if (asked.action === 'add') context.quiet.addWindow(windowOf(asked, context));
    else if (asked.action === 'remove' && !context.quiet.removeWindow(asked.id)) {
      throw new ConfigError(`maintenance window '${asked.id}' is unknown: ask with action=list`, {
        code: 'SEN_CFG_UNKNOWN_WINDOW',
      });
    }
    return { windows: context.quiet.windows().map((window) => shown(window, context.now())) };
  },
};

function windowOf(asked: z.infer<typeof add>, context: CommandContext): MaintenanceWindow {
  const { stream, time, weekdays = WEEKDAYS, at, minutes } = asked;
  if (stream !== undefined) streamsNamed(stream, context);
  const atMs = at === undefined ? context.now() : Date.parse(at);
  return {
    id: asked.id ?? freeId(context),
    ...(stream !== undefined && { streamId: stream }),
    begin: time === undefined ? { atMs } : { weekdays, time },
    minutes,
  };
}

function freeId({ quiet }: CommandContext): string {
  const taken = new Set(quiet.windows().map(({ id }) => id));
  for (let n = 1; ; n += 1) if (!taken.has(`window-${n}`)) return `window-${n}`;
}

function shown(window: MaintenanceWindow, nowMs: number): object {
  const { id, streamId, begin, minutes } = window;
  return {
    id,
    stream: streamId ?? null,
    ...('atMs' in begin ? { at: isoTime(begin.atMs) } : begin),
    minutes,
    open: isOpen(window, nowMs),
  };
}

/** `sun,mon`, as it is written on a command line. */
function listed(value: unknown): unknown {
  return typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value;
}
