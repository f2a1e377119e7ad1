// A worker of tests, in a process of its own so that it can be killed: node ... <url> <silence, ms>
import { createLocalPool } from '../../../src/lab/jobs/local-pool.ts';
import { workOn } from '../../../src/lab/jobs/redis-worker.ts';

const [url = '', silenceMs] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort(new Error('stopped')));
const pool = createLocalPool({
  entry: new URL('./strange-thread.ts', import.meta.url),
  threads: 1,
});
await workOn(
  { url, prefix: 'test' },
  {
    ...{ queues: ['strange'], pool, parallel: 1, silenceMs: Number(silenceMs) },
    onJob: ({ what, key }) => process.stdout.write(`${what} ${key}\n`),
    onConnection: (isThere) => process.stdout.write(isThere ? 'back\n' : 'lost\n'),
  },
  stop.signal,
);
await pool.close();
