// A journal: one JSON line for each entry, appended, so that a process that was killed loses only what was under way.
import { closeSync, fsyncSync, openSync, truncateSync, writeSync } from 'node:fs';
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

/** The content of each whole line, undefined where it is no JSON; a line that was cut short is left out. Throws as `readWhole`. */
export function readLineJournal(path: string): readonly unknown[] {
  const lines = readWholeText(path).split('\n').slice(0, -1);
  return lines.map((line) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      return undefined; // the reader's schema reports it
    }
  });
}
