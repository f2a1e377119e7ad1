// The code in a document: blocks between fences, and words between backticks.

export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the fence, from 1 on. */
  readonly line: number;
  /** The comment on the line before the fence, without its marks. */
  readonly comment?: string;
}

export function blocksOf(document: string): readonly Block[] {
  const lines = document.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, language] = /^```(\w*)$/.exec(lines[at] ?? '') ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    const [, comment] = /^<!-- (.*) -->$/.exec(lines[at - 1] ?? '') ?? [];
    const text = lines.slice(at + 1, end).join('\n');
    blocks.push({ language, text, line: at + 1, ...(comment !== undefined && { comment }) });
    at = end;
  }
  return blocks;
}

/** What stands between backticks outside of blocks. */
export function codesOf(document: string): readonly string[] {
  const prose = document.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Single commands of a shell block: without comments, and apart where `&&` or a line joins them. */
export function commandsOf(shell: string): readonly string[] {
  return shell
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, ''))
    .flatMap((line) => line.split('&&'))
    .map((command) => command.trim())
    .filter((command) => command !== '');
}

/** Its words; quotes join some. */
export function wordsOf(command: string): readonly string[] {
  const words = command.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g);
  return [...words].map(([word]) => word.replaceAll(/['"]/g, ''));
}
