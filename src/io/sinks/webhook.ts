// Alerts as signed HTTP requests, by the scheme of standardwebhooks.com, for which receivers have libraries.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { SinkError } from '../../core/errors.ts';
import type { Sink } from '../../core/sink.ts';
import { alertPayload } from '../text/alert-payload.ts';
import { noticeOptions } from './notification/notices.ts';
import { type Notification, notifyingSink } from './notification/notifying-sink.ts';
import {
  isHttpUrl,
  post,
  secretOf,
  timeoutOption,
  tlsOptions,
  URL_EXPECTED,
  urlOption,
} from './notification/post.ts';
import { inJson, render, SAMPLE_FIELDS, template } from './notification/template.ts';
import { type SinkContext, type SinkPlugin, sinkId } from './sink-plugin.ts';

/** RFC 9110, section 5.1: a token. */
const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, { message: 'expected names of headers' });
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, { message: 'expected printable ASCII' });

const webhookOptions = z
  .strictObject({
    id: sinkId('webhook'),
    url: urlOption.optional().describe('where to POST the alerts; either this or urlFile'),
    urlFile: z
      .string()
      .optional()
      .describe('file that holds the URL, if whoever knows it may post'),
    secretFile: z
      .string()
      .optional()
      .describe(
        'file with the secret of the signature, HMAC-SHA256 in the header webhook-signature; whsec_ before it = it is base64',
      ),
    headers: z
      .record(headerName, headerValue)
      .default({})
      .describe('further headers; for secret ones see headerFiles'),
    headerFiles: z
      .record(headerName, z.string())
      .default({})
      .describe('further headers, each with the file that holds its value, e.g. authorization'),
    body: template
      .refine(isJson, { message: 'expected JSON, with fields between quotes only' })
      .optional()
      .describe(
        'JSON to send instead of the alert, e.g. {"text": "{{message}}"}; fields in it stand between quotes',
      ),
    timeoutS: timeoutOption,
    tls: tlsOptions,
    ...noticeOptions,
  })
  .refine(({ url, urlFile }) => (url === undefined) !== (urlFile === undefined), {
    message: 'expected either url or urlFile',
  });

type WebhookOptions = z.infer<typeof webhookOptions>;

export const webhookSink: SinkPlugin<WebhookOptions> = {
  kind: 'webhook',
  summary: 'alerts as signed HTTP requests with JSON',
  options: webhookOptions,
  create: createWebhookSink,
};

function createWebhookSink(options: WebhookOptions, context: SinkContext): Sink {
  const { id: sinkId, tls, timeoutS } = options;
  return notifyingSink(options, context, (notification) => {
    const fromFiles = Object.entries(options.headerFiles).map(
      ([name, path]) => [name, secretOf(path, sinkId)] as const,
    );
    const { url, secrets } = addressOf(options);
    const body = bodyOf(notification, options, context);
    const { secretFile } = options;
    const key = secretFile === undefined ? undefined : secretOf(secretFile, sinkId);
    return post({
      ...{ url, body, tls, timeoutS, sinkId },
      secrets: [...secrets, ...fromFiles.map(([, value]) => value), ...(key ? [key] : [])],
      headers: {
        'content-type': 'application/json',
        ...options.headers,
        ...Object.fromEntries(fromFiles),
        ...signatureOf(notification.id, body, key),
      },
      onPause: notification.pause,
    });
  });
}

function addressOf({ url, urlFile, id }: WebhookOptions): { url: URL; secrets: string[] } {
  if (urlFile === undefined) return { url: new URL(url ?? ''), secrets: [] };
  const found = secretOf(urlFile, id);
  if (isHttpUrl(found)) return { url: new URL(found), secrets: [found] };
  throw new SinkError(`sink ${id}: file ${urlFile} holds no URL, ${URL_EXPECTED}`, {
    code: 'SEN_SNK_SECRET',
  });
}

function bodyOf(
  { alert, notice, fields }: Notification,
  { body }: WebhookOptions,
  { node }: Pick<SinkContext, 'node'>,
): string {
  if (body !== undefined) return render(body, fields, inJson);
  return JSON.stringify({ ...alertPayload(alert), node, notice });
}

/** The time keeps others from sending what they recorded; it is that of the attempt, as the scheme asks for. */
function signatureOf(id: string, body: string, secret: string | undefined): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const named = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return named;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${hmac}` };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(render(text, SAMPLE_FIELDS, inJson));
    return true;
  } catch {
    return false;
  }
}
