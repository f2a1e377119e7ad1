// Where releases lie: a folder, or a URL below which files are served. Neither is trusted.
import { createReadStream, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UpdateError } from '../../core/errors.ts';

export interface Origin {
  /** For messages. */
  where(name: string): string;
  /** The whole of a small file. Throws `UpdateError`, also when it is longer than `limit` bytes. */
  read(name: string, limit: number): Promise<Buffer>;
  /** A file from one byte on, or from its beginning if that cannot be had. Throws `UpdateError`. */
  open(name: string, fromByte: number): Promise<Opened>;
}

export interface Opened {
  /** Where it really begins. */
  readonly fromByte: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Without a byte for longer the other side is gone, ms. */
const SILENCE_MS = 30_000;

export function openOrigin(from: string): Origin {
  const open = /^https?:\/\//.test(from) ? served(from) : lying(resolve(from));
  return {
    ...open,
    async read(name, limit) {
      const { chunks } = await open.open(name, 0);
      const parts: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > limit) {
          throw new UpdateError(
            `${open.where(name)} is longer than ${limit} bytes, which no such file is`,
            { code: 'SEN_UPD_DOWNLOAD' },
          );
        }
        parts.push(chunk);
      }
      return Buffer.concat(parts);
    },
  };
}

function lying(folder: string): Omit<Origin, 'read'> {
  const where = (name: string): string => join(folder, name);
  return {
    where,
    open(name, fromByte) {
      try {
        statSync(where(name)); // a stream reports a missing file too late
      } catch (cause) {
        return Promise.reject(unreadable(where(name), cause));
      }
      const stream = createReadStream(where(name), { start: fromByte });
      return Promise.resolve({ fromByte, chunks: told(stream, where(name)) });
    },
  };
}

function served(base: string): Omit<Origin, 'read'> {
  const where = (name: string): string =>
    new URL(name, base.endsWith('/') ? base : `${base}/`).href;
  return {
    where,
    async open(name, fromByte) {
      const patience = createPatience();
      const answer = await answerOf(where(name), fromByte, patience.signal);
      const resumed = answer.status === 206;
      const { body } = answer;
      if (!body)
        throw new UpdateError(`${where(name)} answered without a file`, {
          code: 'SEN_UPD_DOWNLOAD',
        });
      return {
        fromByte: resumed ? fromByte : 0,
        chunks: told(patience.over(body), where(name)),
      };
    },
  };
}

async function answerOf(url: string, fromByte: number, signal: AbortSignal): Promise<Response> {
  const headers = fromByte > 0 ? { Range: `bytes=${fromByte}-` } : {};
  try {
    const answer = await fetch(url, { headers, signal });
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw new Error(`it answered ${answer.status}`);
  } catch (cause) {
    throw unreadable(url, cause);
  }
}

/** A signal that aborts when nothing has come for a while. */
function createPatience() {
  const lost = new AbortController();
  const giveUp = (): void => lost.abort(new Error(`nothing came for ${SILENCE_MS / 1000} s`));
  const timer = setTimeout(giveUp, SILENCE_MS).unref(); // a connection keeps the program alive, a refused one must not
  return {
    signal: lost.signal,
    async *over(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
      try {
        for await (const chunk of chunks) {
          timer.refresh();
          yield chunk;
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function* told(chunks: AsyncIterable<Uint8Array>, where: string): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch (cause) {
    throw unreadable(where, cause);
  }
}

function unreadable(where: string, cause: unknown): UpdateError {
  const { message, cause: deeper } = cause as Error;
  const reason = deeper instanceof Error ? deeper.message || message : message; // fetch hides it
  return new UpdateError(`${where} cannot be read: ${reason}`, {
    code: 'SEN_UPD_UNREACHABLE',
    cause,
  });
}
