// Alerts as e-mail, over SMTP.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as nodemailer from 'nodemailer';
import { z } from 'zod';
import { SinkError } from '../../core/errors.ts';
import { requireOptional } from '../../core/optional-package.ts';
import type { Sink } from '../../core/sink.ts';
import { noticeOptions } from './notification/notices.ts';
import { type Notification, notifyingSink } from './notification/notifying-sink.ts';
import { secretOf, timeoutOption, tlsOptions } from './notification/post.ts';
import { oneLine, render, template } from './notification/template.ts';
import { type SinkContext, type SinkPlugin, sinkId } from './sink-plugin.ts';

const address = z.string().regex(/^[^\s<>@]+@[^\s<>@]+$|^[^<>@]*<[^\s<>@]+@[^\s<>@]+>$/, {
  message: 'expected an address such as me@example.org or "Me <me@example.org>"',
});

const emailOptions = z.strictObject({
  id: sinkId('email'),
  host: z.string().min(1).describe('mail server'),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(587)
    .describe('its port: usually 587, with security tls 465'),
  security: z
    .enum(['starttls', 'tls', 'none'])
    .default('starttls')
    .describe(
      'starttls: encrypted after the greeting, and nothing is sent if the server does not encrypt; tls: from the first byte; none: in the clear, for a server on this machine',
    ),
  user: z.string().optional().describe('user name, if the server asks for one'),
  passwordFile: z.string().optional().describe('file that holds the password'),
  from: address.describe('address of the sender'),
  to: z.array(address).min(1).describe('addresses of the receivers'),
  subject: template
    .default('[{{severity}}] {{stream}} on {{node}}: {{notice}}')
    .describe('subject, with fields as {{severity}}'),
  text: template
    .default(
      '{{message}}\n\nstream: {{stream}} on {{node}}\nseverity: {{severity}}\nbegan: {{start}}\nended: {{end}}\nlasted: {{duration}}\nalert: {{id}}\n',
    )
    .describe('text, with fields'),
  timeoutS: timeoutOption,
  tls: tlsOptions,
  ...noticeOptions,
});

type EmailOptions = z.infer<typeof emailOptions>;

export const emailSink: SinkPlugin<EmailOptions> = {
  kind: 'email',
  summary: 'alerts as e-mail over SMTP; needs the package nodemailer',
  options: emailOptions,
  create: createEmailSink,
};

function createEmailSink(options: EmailOptions, context: SinkContext): Sink {
  const { warn = () => undefined } = context;
  const mailer = loadMailer();
  return notifyingSink(options, context, async (notification) => {
    const { from, to, id, host, port } = options;
    const transport = mailer.createTransport(transportOf(options));
    try {
      const mail = { from, to, ...mailOf(notification, options, context) };
      const { response, rejected } = await transport.sendMail(mail);
      if (rejected.length > 0)
        warn(`sink ${id}: ${host} refuses ${rejected.length} of ${to.length} receivers`);
      return `${host}:${port} answered ${oneLine(response, 120)}`;
    } catch (cause) {
      throw failureOf(cause as SmtpError, options);
    } finally {
      transport.close();
    }
  });
}

/** Throws `DeviceError` when the package is not installed. */
function loadMailer(): typeof nodemailer {
  const require = createRequire(import.meta.url);
  return requireOptional(
    {
      name: 'nodemailer',
      install: 'npm install nodemailer',
      load: () => require('nodemailer') as typeof nodemailer,
    },
    'sink email',
  );
}

function transportOf(options: EmailOptions) {
  const { id, host, port, security, user, passwordFile, timeoutS, tls } = options;
  const pass = passwordFile === undefined ? undefined : secretOf(passwordFile, id);
  const ca = tls?.ca === undefined ? undefined : secretOf(tls.ca, id);
  const timeoutMs = 1000 * timeoutS;
  return {
    ...{ host, port },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user !== undefined && { auth: { user, pass: pass ?? '' } }),
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
    tls: {
      rejectUnauthorized: tls?.rejectUnauthorized ?? true,
      ...(ca !== undefined && { ca }),
    },
  };
}

/** Mail programs show the messages of an alert as one conversation, and a message that came twice once. */
function mailOf({ alert, id, fields }: Notification, options: EmailOptions, context: SinkContext) {
  const domain = `${context.node}.sentigon`;
  const named = (text: string): string =>
    `<${createHash('sha256').update(text).digest('hex').slice(0, 32)}@${domain}>`;
  return {
    subject: oneLine(render(options.subject, fields), 200),
    text: render(options.text, fields),
    messageId: named(id),
    references: [named(alert.id)],
    headers: { 'auto-submitted': 'auto-generated' }, // RFC 3834: no holiday notice is to answer it
  };
}

interface SmtpError extends Error {
  readonly code?: string;
  /** The command that the server answered with an error. */
  readonly command?: string;
  readonly responseCode?: number;
}

/** Final is only what the server says about the message itself: a wrong password or address can be corrected. */
function failureOf(cause: SmtpError, { id, host, port }: EmailOptions): SinkError {
  if (cause instanceof SinkError) return cause;
  const { code = '', command, responseCode = 0 } = cause;
  const where = `sink ${id}: ${host}:${port}`;
  const final = command === 'DATA' && responseCode >= 500;
  if (final) {
    const why = `refuses the message (${responseCode}): the alert is set aside`;
    return new SinkError(`${where} ${why}`, { code: 'SEN_SNK_REFUSED', final, cause });
  }
  if (responseCode > 0) {
    const remedy =
      code === 'EAUTH' ? 'correct user and passwordFile' : 'correct from and to if it goes on';
    const why = `answered ${responseCode} to ${command ?? 'the connection'}: ${remedy}`;
    return new SinkError(`${where} ${why}`, { code: 'SEN_SNK_ANSWER', cause });
  }
  if (code === 'ETLS' || /certificate|self.signed|ssl|tls/i.test(`${code} ${cause.message}`)) {
    const why = 'no trusted TLS: set security, port and tls.ca as the server needs them';
    return new SinkError(`${where}: ${why}`, { code: 'SEN_SNK_TLS', cause });
  }
  const why = code === 'ETIMEDOUT' ? 'did not answer in time' : `cannot be reached (${code})`;
  return new SinkError(`${where} ${why}: it is tried again`, {
    code: code === 'ETIMEDOUT' ? 'SEN_SNK_SLOW' : 'SEN_SNK_UNREACHABLE',
    cause,
  });
}
