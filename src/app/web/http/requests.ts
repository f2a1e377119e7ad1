// What is read of a request, never more than was agreed to.
import type { IncomingMessage } from 'node:http';

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
