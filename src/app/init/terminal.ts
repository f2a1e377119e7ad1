// Asks on a terminal. node:readline has all that five questions need.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ConfigError } from '../../core/errors.ts';
import { Interrupted } from '../process/exit-codes.ts';
import type { Ask } from './answers.ts';

export interface Terminal {
  readonly ask: Ask;
  close(): void;
}

/** Asks again until an answer will do. Rejects when the input is closed, and with `Interrupted` at Ctrl-C. */
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
  // in this mode Ctrl-C arrives as a letter, and not as a signal
  lines.once('SIGINT', () => ended.abort(new Interrupted('SIGINT')));
  lines.once('close', () =>
    ended.abort(
      new ConfigError('the input has ended: answer all questions, or give the answers with --yes', {
        code: 'SEN_CFG_NO_TERMINAL',
      }),
    ),
  );
  const until = AbortSignal.any([signal, ended.signal]);
  const read = async (prompt: string, secret: boolean): Promise<string> => {
    const answer = lines.question(prompt, { signal: until });
    muted = secret; // from here on it shows what is typed
    try {
      return (await answer).trim();
    } catch (error) {
      if (!until.aborted) throw error;
      output.write('\n'); // off the line of the question
      throw until.reason;
    } finally {
      if (secret && !until.aborted) output.write('\n');
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
