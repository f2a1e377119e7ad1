// PyTorch as a contender, in a process of Debian's Python that is asked line by line.
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { RemoteContender } from '../timing.ts';
import { COMPARED_STEPS, type EncoderContender, type EncoderResults } from './contender.ts';
import {
  BATCH,
  CHANNELS,
  type EncoderStart,
  HEADS,
  LAYERS,
  LEARNING_RATE,
  ROWS,
} from './workload.ts';

const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('../encoder_torch.py', import.meta.url));
export const FORWARDS_PER_SAMPLE = 8;

/** Version of PyTorch here; undefined where there is none. */
export function torchVersion(): string | undefined {
  try {
    return execFileSync(PYTHON, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined; // no Python, or no torch
  }
}

export interface TorchContender extends EncoderContender {
  readonly forward: RemoteContender;
  readonly train: RemoteContender;
  /** VmHWM of its process. */
  peakMb(): Promise<number>;
  close(): void;
}

export function torchContender(start: EncoderStart): TorchContender {
  const python = new Python();
  python.tell(asJson(start));
  const name = 'PyTorch, 1 thread';
  const perCallUs = async (command: string, calls: number) =>
    ((await python.ask<number>(`${command} ${calls}`)) / calls) * 1e6;
  return {
    name,
    forward: { name, sampleUs: () => perCallUs('forward', FORWARDS_PER_SAMPLE) },
    train: { name, sampleUs: () => perCallUs('train', 1) },
    results: () => python.ask<EncoderResults>('results'),
    peakMb: () => python.ask<number>('peak'),
    close: () => python.close(),
  };
}

class Python {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor() {
    this.#child = spawn(PYTHON, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  tell(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  async ask<T>(command: string): Promise<T> {
    this.tell(command);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${SCRIPT} ended: see above`);
    return JSON.parse(value) as T; // our own script
  }

  close(): void {
    this.#child.stdin.end();
  }
}

function asJson({ weights, input, target }: EncoderStart): string {
  return JSON.stringify({
    weights: weights.map((weight) => ({ ...weight, values: [...weight.values] })),
    input: [...input],
    target: [...target],
    shape: [BATCH, ROWS, CHANNELS],
    layers: LAYERS,
    heads: HEADS,
    rate: LEARNING_RATE,
    steps: COMPARED_STEPS,
  });
}
