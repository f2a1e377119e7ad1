// Asks on a terminal. node:readline has all that five questions need.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Ask } from './answers.ts';

export interface Terminal {
  readonly ask: Ask;
  close(): void;
}

/** Asks again until an answer will do. A closed input rejects. */
export function openTerminal(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Terminal {
  let muted = false;
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!muted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: true });
  const ended = new AbortController();
  lines.once('close', () => ended.abort(new Error('the input has ended')));
  const until = AbortSignal.any([signal, ended.signal]);
  const read = async (prompt: string, secret: boolean): Promise<string> => {
    const answer = lines.question(prompt, { signal: until });
    muted = secret; // from here on it shows what is typed
    try {
      return (await answer).trim();
    } finally {
      if (secret) output.write('\n');
      muted = false;
    }
  };
  return {
    async ask({ text, offered, objection, secret = false }) {
      const prompt = offered === '' ? `${text}: ` : `${text} [${offered}]: `;
      for (;;) {
        const answer = (await read(prompt, secret)) || offered;
        const wrong = objection?.(answer);
        if (wrong === undefined) return answer;
        output.write(`  ${wrong}\n`);
      }
    },
    close: () => lines.close(),
  };
}
