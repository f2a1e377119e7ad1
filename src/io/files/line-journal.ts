// A journal: one JSON line for each entry, appended, so that a process that was killed loses only what was under way.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ZodType } from 'zod';
import { ConfigError, SourceError } from '../../core/errors.ts';
import { readWholeText } from './whole-file.ts';
import { makeFolder, onDisk } from './written-file.ts';

export interface LineJournal {
  /** A durable entry is on the disk when it returns. */
  write(entry: unknown, durable: boolean): void;
  close(): void;
}

/** Appends to `path`, which it makes if there is none. Throws `StoreError` for a file that cannot be written, as its `write` does. */
export function openLineJournal(path: string): LineJournal {
  const file = onDisk(path, () => openSync(path, 'a'));
  let broken: unknown;
  return {
    write(entry, durable) {
      // a part of the entry may be there, and what came behind it would be lost with it
      if (broken) throw broken;
      try {
        onDisk(path, () => writeAll(file, Buffer.from(`${JSON.stringify(entry)}\n`)));
        if (durable) onDisk(path, () => fsyncSync(file));
      } catch (error) {
        broken = error;
        throw error;
      }
    },
    close: () => closeSync(file),
  };
}

/** A disk that gets full takes a part of the bytes without an error; the next call has it. */
function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Goes on after the last whole line. Throws `StoreError` for a file that cannot be written, and errors of reading. */
export function continueLineJournal(path: string): LineJournal {
  const text = readWholeText(path);
  onDisk(path, () =>
    truncateSync(path, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1))),
  );
  return openLineJournal(path);
}

/**
 * Whether a journal was begun at `path`: a file without a whole line is what an end right at its beginning leaves. With `part`,
 * whether one of its lines has that.
 */
export function hasLineJournal(path: string, part = ''): boolean {
  if (!isFile(path)) return false;
  const lines = readWholeText(path).split('\n').slice(0, -1);
  return lines.some((line) => line.includes(part));
}

/** A path that cannot be is none. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Begins a journal at `path`, in place of one that `hasLineJournal` does not count. Throws `StoreError`. */
export function startLineJournal(path: string, header: unknown): LineJournal {
  makeFolder(dirname(path));
  onDisk(path, () => rmSync(path, { force: true }));
  const lines = openLineJournal(path);
  lines.write(header, true);
  return lines;
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
  journal: JournalSource,
  number: number,
): T {
  const found = schema.safeParse(line);
  if (found.success) return found.data;
  throw strangeLine(journal, number, found.error.issues[0]?.path.join('.') ?? '');
}

/** A line, counted from 1, that does not fit; `why` may be empty. */
export function strangeLine(
  { path, what }: JournalSource,
  number: number,
  why: string,
): SourceError {
  return new SourceError(
    `${path} line ${number} is no line of ${what}${why === '' ? '' : ` (${why})`}: start a new one`,
    { code: 'SEN_SRC_SEARCH_FOLDER' },
  );
}

/**
 * Before a new journal is begun in `folder`: throws `ConfigError` for names in it that the work would overwrite, which are then of
 * something else. `what` says whose the folder would be.
 */
export function requireFree(folder: string, names: readonly string[], what: string): void {
  const found = names.find((name) => existsSync(join(folder, name)));
  if (found === undefined) return;
  throw new ConfigError(`${folder} holds ${found}, which is of no ${what}: name another folder`, {
    code: 'SEN_CFG_SEARCH_EXISTS',
  });
}
