// A device gone mad, in a process of its own, so that it does not slow those who listen.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Flood {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** Sent in turn; # stands for a number that never repeats. */
  readonly messages: readonly (readonly [topic: string, payload: string])[];
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const PROGRAM = `
const { connectAsync } = await import('mqtt');
const { url, perSecond, seconds, messages } = JSON.parse(process.argv[1]);
const client = await connectAsync(url);
const startMs = performance.now();
let sent = 0;
const total = perSecond * seconds;
while (sent < total) {
  const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
  for (; sent < due; sent += 1) {
    const [topic, payload] = messages[sent % messages.length];
    client.publish(topic.replace('#', sent), payload.replace('#', sent));
  }
  if (client.stream.writableNeedDrain) await new Promise((drained) => client.stream.once('drain', drained));
  else await new Promise((resolve) => setTimeout(resolve, 5));
}
await client.endAsync();
console.log((performance.now() - startMs) / 1000);
`;

/** Resolves when all is sent, with the messages a second it came to. */
export async function flood(plan: Flood): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', PROGRAM, JSON.stringify(plan)],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let tookS = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    tookS += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the flood ended with code ${code}`);
  return Math.round((plan.perSecond * plan.seconds) / Number(tookS));
}
