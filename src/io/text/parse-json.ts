/** Nothing that is meant for us nests deeper; and whoever walked through it would run out of stack. */
const DEEPEST = 100;

/** What a JSON text of somebody else says. Throws `SyntaxError`, also for a text that nests too deep. */
export function parseJson(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  if (text.length > DEEPEST && depthOf(text) > DEEPEST) {
    throw new SyntaxError(`nested more than ${DEEPEST} levels deep`);
  }
  return parsed;
}

/** How deep valid JSON nests; brackets in its texts do not count. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at);
    else if (character === '{' || character === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
