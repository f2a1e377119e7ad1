// Requests and answers over HTTP, with the headers that keep a browser from doing more than the page needs.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Nothing from elsewhere, nothing inline, no frame around it; forms go back to where they came from. */
const POLICY = [
  "default-src 'none'",
  ...['script', 'style', 'img', 'connect'].map((what) => `${what}-src 'self'`),
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ALWAYS: OutgoingHttpHeaders = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  // 'no-referrer' would make browsers hide the origin of a form, too
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export const NEVER_KEPT: OutgoingHttpHeaders = { 'cache-control': 'no-store' };

export function send(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer = '',
): void {
  response.writeHead(status, { ...ALWAYS, ...headers }).end(body);
}

export function sendJson(response: ServerResponse, status: number, data: unknown): void {
  const headers = { ...NEVER_KEPT, 'content-type': 'application/json; charset=utf-8' };
  send(response, status, headers, JSON.stringify(data));
}

/** Sends an error as JSON, for programs. */
export function refuse(response: ServerResponse, status: number, error: string): void {
  sendJson(response, status, { status: 'error', error });
}

/** `where` is relative, so that a proxy may serve the page below any path. */
export function sendTo(
  response: ServerResponse,
  where: string,
  headers: OutgoingHttpHeaders = {},
): void {
  send(response, 303, { ...NEVER_KEPT, location: where, ...headers });
}

/** Begins an endless answer of server-sent events. */
export function beginEvents(response: ServerResponse): void {
  // the last one is for nginx, which would keep events to itself until there are many
  const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
  response.writeHead(200, { ...ALWAYS, ...NEVER_KEPT, ...headers });
  response.flushHeaders();
}

export function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

export interface Place {
  /** Without the slash before it. */
  readonly path: string;
  readonly parameters: URLSearchParams;
}

export function placeOf({ url = '/' }: IncomingMessage): Place {
  const [path = '', query] = url.replace(/^\/+/, '').split('?', 2);
  return { path, parameters: new URLSearchParams(query) };
}

/**
 * Whether a request that changes something comes from the page itself. Browsers name where a POST comes from; `origin`
 * is where a proxy serves the page, if one does.
 */
export function isFromPage({ headers }: IncomingMessage, origin: string | undefined): boolean {
  const from = headers.origin;
  if (from === undefined || !URL.canParse(from)) return false;
  return from === origin || new URL(from).host === headers.host;
}

/** undefined when it is longer than `most` bytes. Rejects when the sender goes away. */
export async function bodyOf(request: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // what is left of a body that is too long is not for us, but the answer is still for its sender
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
