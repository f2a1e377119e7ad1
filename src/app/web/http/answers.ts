// What is sent back, always with the headers that keep a browser from doing more than the page needs.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

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

/** What a program is told; people get pages. */
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
