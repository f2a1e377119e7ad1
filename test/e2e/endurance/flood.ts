// A device gone mad, in a process of its own, so that it does not slow those who listen.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Flood {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly messages: readonly FloodMessage[];
}

/** Sent in turn; # in a topic or a text stands for a number that never repeats. */
type FloodMessage = readonly [topic: string, payload: string | Buffer, retain?: boolean];

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const PROGRAM = `
const { connectAsync } = await import('mqtt');
const { text: all } = await import('node:stream/consumers');
const plan = JSON.parse(await all(process.stdin));
const { url, perSecond, seconds } = plan;
const messages = plan.messages.map(([topic, payload, retain]) =>
  [topic, typeof payload === 'string' ? payload : Buffer.from(payload.base64, 'base64'), retain]);
const total = perSecond * seconds;
let sent = 0;
const client = await connectAsync(url, { reconnectPeriod: 0 });
client.on('close', () => {
  if (sent < total) process.exit(2);
});
const startMs = performance.now();
while (sent < total) {
  const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
  for (; sent < due; sent += 1) {
    const [topic, payload, retain = false] = messages[sent % messages.length];
    const said = typeof payload === 'string' ? payload.replace('#', sent) : payload;
    client.publish(topic.replace('#', sent), said, { retain });
  }
  if (client.stream.writableNeedDrain) await new Promise((drained) => client.stream.once('drain', drained));
  else await new Promise((resolve) => setTimeout(resolve, 5));
}
await client.endAsync();
console.log((performance.now() - startMs) / 1000);
`;

/** Resolves when all is sent, with the messages a second it came to. */
export async function flood(plan: Flood): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify({ ...plan, messages: plan.messages.map(encoded) }));
  onTestFinished(() => void child.kill('SIGKILL'));
  let tookS = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    tookS += text;
  });
  const [code] = await once(child, 'close');
  if (code === 2) throw new Error('the flood lost its connection to the broker');
  if (code !== 0) throw new Error(`the flood ended with code ${code}`);
  return Math.round((plan.perSecond * plan.seconds) / Number(tookS));
}

/** Bytes that are no text, as JSON. */
function encoded([topic, payload, retain]: FloodMessage) {
  if (typeof payload === 'string') return [topic, payload, retain];
  return [topic, { base64: payload.toString('base64') }, retain];
}
