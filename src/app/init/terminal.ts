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
  const read = async (secret: boolean): Promise<string> => {
    muted = secret;
    try {
      return (await lines.question('', { signal: until })).trim();
    } finally {
      if (secret) output.write('\n');
      muted = false;
    }
  };
  return {
    async ask({ text, offered, objection, secret = false }) {
      const prompt = offered === '' ? `${text}: ` : `${text} [${offered}]: `;
      for (;;) {
        output.write(prompt);
        const answer = (await read(secret)) || offered;
        const wrong = objection?.(answer);
        if (wrong === undefined) return answer;
        output.write(`  ${wrong}\n`);
      }
    },
    close: () => lines.close(),
  };
}
