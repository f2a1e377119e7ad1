// Text by lines, and the part of a text that a message shows.
import type { Readable } from 'node:stream';
import { SourceError } from '../../core/errors.ts';

/** A longer line means another kind of file; the limit bounds memory. */
export const LONGEST_LINE = 1 << 20;

/** Consecutive lines without their ends; `first` is the 1-based number of the first of them. */
export interface LineBatch {
  readonly first: number;
  readonly lines: readonly string[];
}

/**
 * Splits text into lines, a batch per chunk, because one promise per line costs more than parsing it and
 * because `node:readline` neither bounds a line nor passes on errors of its input. `name` is for messages.
 */
export async function* lineBatches(input: Readable, name: string): AsyncGenerator<LineBatch> {
  let rest = '';
  let first = 1;
  input.setEncoding('utf8');
  for await (const chunk of input as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) {
      throw new SourceError(
        `${name} line ${first + lines.length} is longer than ${LONGEST_LINE} characters: is it text at all?`,
        { code: 'SEN_SRC_NO_TEXT' },
      );
    }
    if (lines.length === 0) continue;
    yield { first, lines: lines.map(withoutReturn) };
    first += lines.length;
  }
  if (rest !== '') yield { first, lines: [withoutReturn(rest)] };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** A text of others as a part of one line: without what a terminal obeys, e.g. line ends and colours. */
export function inOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

/** Enough to recognize a text. */
const SHOWN_CHARACTERS = 60;

/** The part of a text that a message shows. */
export function excerpt(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}

/** The same of the first line, in quotes. */
export function quotedLine(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return JSON.stringify(excerpt(line));
}
