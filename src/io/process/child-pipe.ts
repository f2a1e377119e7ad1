// The pipe that a program prints to. It may outlive the program: whatever that has started keeps it open, too.
import type { Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';

export interface ChildPipe {
  /** What is printed; ends with the pipe or with `cut`, behind what was read from the pipe by then. */
  readonly text: Readable;
  /** To be asked once the program is gone: resolves when all that it had printed was read from the pipe. */
  drained(): Promise<void>;
  cut(): void;
}

/** The kernel hands over what a pipe holds at once; a second look without anything new means that it is empty. */
const LOOK_MS = 20;
/** Looks at a pipe that others go on writing to. */
const MOST_LOOKS = 25;

export function childPipe(pipe: Readable): ChildPipe {
  const text = new PassThrough();
  pipe.on('error', (error) => text.destroy(error));
  pipe.pipe(text);
  return {
    text,
    async drained() {
      const { bytesRead } = pipe as Socket; // which it is on all systems that we run on
      let before = bytesRead;
      for (let looks = 0; looks < MOST_LOOKS && !pipe.closed && !text.destroyed; ) {
        await look();
        if (pipe.readableLength > 0 || text.writableNeedDrain) continue; // its reader is behind
        const { bytesRead: now } = pipe as Socket;
        if (now === before) return;
        before = now;
        looks++;
      }
    },
    cut() {
      pipe.destroy();
      text.end();
    },
  };
}

/** Lets the event loop see what has come. Never keeps the program alive. */
async function look(): Promise<void> {
  await setTimeout(LOOK_MS, undefined, { ref: false });
  await setImmediate();
}
