// A journal: one JSON line for each entry, appended, so that a process that was killed loses only what was under way.
import { closeSync, fsyncSync, openSync, truncateSync, writeSync } from 'node:fs';
import type { ZodType } from 'zod';
import { SourceError } from '../../core/errors.ts';
import { readWholeText } from './whole-file.ts';

export interface LineJournal {
  /** A durable entry is on the disk when it returns. */
  write(entry: unknown, durable: boolean): void;
  close(): void;
}

/** Appends to `path`, which it makes if there is none. */
export function openLineJournal(path: string): LineJournal {
  const file = openSync(path, 'a');
  return {
    write(entry, durable) {
      writeSync(file, `${JSON.stringify(entry)}\n`);
      if (durable) fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/** Goes on after the last whole line. Throws errors of the file system. */
export function continueLineJournal(path: string): LineJournal {
  const text = readWholeText(path);
  truncateSync(path, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
  return openLineJournal(path);
}

/** What was proposed, and what came of it. */
export interface AskedAndDone<Asked, Done> {
  asked(entry: Asked): void;
  /** On the disk when it returns. */
  done(entry: Done): void;
  close(): void;
}

export function askedAndDone<Asked, Done>(lines: LineJournal): AskedAndDone<Asked, Done> {
  return {
    asked: (entry) => lines.write(entry, false),
    done: (entry) => lines.write(entry, true),
    close: () => lines.close(),
  };
}

/** A journal that is read; `what` says in messages whose it is, e.g. `a search`. */
export interface JournalSource {
  readonly path: string;
  readonly what: string;
}

/**
 * The content of each whole line, undefined where it is no JSON; a line that was cut short is left out. Throws `SourceError`
 * for a file that cannot be read.
 */
export function readLineJournal({ path, what }: JournalSource): readonly unknown[] {
  let text: string;
  try {
    text = readWholeText(path);
  } catch (cause) {
    throw new SourceError(`${path} cannot be read: name the --out folder of ${what}`, {
      code: 'SEN_SRC_SEARCH_FOLDER',
      cause,
    });
  }
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      return undefined; // the reader's schema reports it
    }
  });
}

/** Throws `SourceError` for a line, counted from 1, that does not fit. */
export function parseEntry<T>(
  schema: ZodType<T>,
  line: unknown,
  { path, what }: JournalSource,
  number: number,
): T {
  const found = schema.safeParse(line);
  if (found.success) return found.data;
  const { path: place = [] } = found.error.issues[0] ?? {};
  throw new SourceError(
    `${path} line ${number} is no line of ${what}${place.length > 0 ? ` (${place.join('.')})` : ''}: start a new one`,
    { code: 'SEN_SRC_SEARCH_FOLDER' },
  );
}
