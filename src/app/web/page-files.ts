// The files of the page, as they lie beside the program. They are few and small: all of them are kept in memory.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { send } from './http.ts';

const FOLDER = new URL('./page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface PageFiles {
  /** Whether there is a file of that name; it is sent then. */
  send(name: string, request: IncomingMessage, response: ServerResponse): boolean;
  /** A page with its `{{holes}}` filled; none of the words may be from outside. */
  filled(name: string, words: Readonly<Record<string, string>>): string;
}

interface PageFile {
  readonly type: string;
  readonly tag: string;
  readonly body: Buffer;
}

export function readPageFiles(): PageFiles {
  const files = new Map(readdirSync(FOLDER).map((name) => [name, readFile(name)]));
  return {
    send(name, { headers }, response) {
      const file = files.get(name);
      if (!file) return false;
      // asked for anew each time, and not sent again: a new version of the program is seen at once
      const kept = { etag: file.tag, 'cache-control': 'no-cache' };
      if (headers['if-none-match'] === file.tag) send(response, 304, kept);
      else send(response, 200, { ...kept, 'content-type': file.type }, file.body);
      return true;
    },
    filled: (name, words) =>
      (files.get(name)?.body.toString('utf8') ?? '').replaceAll(
        /\{\{(\w+)\}\}/g,
        (_, hole: string) => words[hole] ?? '',
      ),
  };
}

function readFile(name: string): PageFile {
  const body = readFileSync(new URL(name, FOLDER));
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { type: TYPES[extname(name)] ?? 'application/octet-stream', tag: `"${hash}"`, body };
}
