/** Enough to recognize a text by. */
const SHOWN_CHARACTERS = 60;

/** As much of a text as a message shows. */
export function excerpt(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}

/** The same of its first line, in quotes. */
export function quotedLine(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return JSON.stringify(excerpt(line));
}
