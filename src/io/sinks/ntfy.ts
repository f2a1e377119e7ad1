// Alerts as push messages of ntfy, at ntfy.sh or on a server of one's own.
import { z } from 'zod';
import type { Severity } from '../../core/alert.ts';
import type { Sink } from '../../core/sink.ts';
import { type Notice, noticeOptions } from './notification/notices.ts';
import { notifyingSink } from './notification/notifying-sink.ts';
import { post, secretOf, timeoutOption, tlsOptions, urlOption } from './notification/post.ts';
import { oneLine, render, template } from './notification/template.ts';
import { type SinkContext, type SinkPlugin, sinkId } from './sink-plugin.ts';

const priority = z.int().min(1).max(5);

const ntfyOptions = z.strictObject({
  id: sinkId('ntfy'),
  server: urlOption.default('https://ntfy.sh').describe('server to publish at'),
  topic: z
    .string()
    .regex(/^[\w-]{1,64}$/, { message: 'expected at most 64 letters, digits, - and _' })
    .describe('topic to publish to; on a public server who knows it reads it'),
  tokenFile: z.string().optional().describe('file with an access token of the server'),
  title: template
    .default('{{stream}} on {{node}}: {{severity}}, {{notice}}')
    .describe('title of a message, with fields as {{severity}}'),
  message: template.default('{{message}}').describe('text of a message, with fields'),
  priorities: z
    .strictObject({
      info: priority.default(3).describe('of an alert of severity info'),
      warning: priority.default(4).describe('of a warning'),
      critical: priority.default(5).describe('of a critical alert'),
      closed: priority.default(2).describe('of an alert that has closed'),
    })
    .prefault({})
    .describe('priorities of ntfy, 1 (none sees it) to 5 (it rings until it is read)'),
  timeoutS: timeoutOption,
  tls: tlsOptions,
  ...noticeOptions,
});

type NtfyOptions = z.infer<typeof ntfyOptions>;

export const ntfySink: SinkPlugin<NtfyOptions> = {
  kind: 'ntfy',
  summary: 'alerts as push messages of ntfy',
  options: ntfyOptions,
  create: createNtfySink,
};

/** Names of emojis, which ntfy shows before the title. */
const TAGS: Readonly<Record<Severity, string>> = {
  info: 'information_source',
  warning: 'warning',
  critical: 'rotating_light',
};
const CLOSED_TAG = 'white_check_mark';

/** ntfy makes an attachment of a message above 4,096 bytes; a letter has up to four. */
const MOST_CHARACTERS = 1000;

function createNtfySink(options: NtfyOptions, context: SinkContext): Sink {
  const { id: sinkId, server, topic, tokenFile, tls, timeoutS } = options;
  return notifyingSink(options, context, ({ alert, notice, fields, pause }) => {
    const token = tokenFile === undefined ? undefined : secretOf(tokenFile, sinkId);
    const body = {
      topic,
      title: oneLine(render(options.title, fields), 200),
      message: render(options.message, fields).slice(0, MOST_CHARACTERS),
      ...urgencyOf(alert.severity, notice, options),
    };
    return post({
      url: new URL(server),
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      ...{ tls, timeoutS, sinkId, onPause: pause },
      secrets: [topic, ...(token === undefined ? [] : [token])],
    });
  });
}

function urgencyOf(severity: Severity, notice: Notice, { priorities }: NtfyOptions): object {
  return notice === 'closed'
    ? { priority: priorities.closed, tags: [CLOSED_TAG] }
    : { priority: priorities[severity], tags: [TAGS[severity]] };
}
