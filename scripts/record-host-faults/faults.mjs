// The faults: each starts real processes that misbehave, and names the channels they touch by their nature.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** Of what is available, so that a small machine lives on; and what is enough on a large one, bytes. */
const MOST_MEMORY = 2 / 3;
const ENOUGH_MEMORY = 2e9;
/** In the folder of the faults. */
export const BIG_FILE = 'big.bin';

/**
 * `strength` is 0 to 1; `start` returns a function that ends the fault at once. `folder` is on a disk and holds what
 * `writeBigFile` writes; `workload` is the process of `workload.mjs`, which `process_stall` and `creeping_latency` need.
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 * @typedef {{ folder: string, strength: number, workload?: ChildProcess | undefined }} Circumstances
 * @type {Readonly<Record<string, { channels: readonly string[], start: (circumstances: Circumstances) => () => void }>>}
 */
export const FAULTS = {
  cpu_hog: {
    channels: ['cpu.user', 'pressure.cpu', 'processes.running', 'load.1min'],
    start: ({ strength }) => children(strength > 0.5 ? 2 : 1, 'sha256sum', ['/dev/zero']),
  },
  memory_leak: {
    channels: ['memory.used'],
    start: ({ strength }) =>
      script(`const kept = []; const mb = ${Math.round(40 + 60 * strength)}; const most = ${MOST_MEMORY * freemem()};
        const room = () => kept.length < 50 && (kept.length + 1) * mb * 1e6 < most;
        setInterval(() => { if (room()) kept.push(Buffer.alloc(mb * 1e6, 1)); }, 1000);`),
  },
  disk_write_storm: {
    channels: [
      'disk.write',
      'disk.operations',
      'disk.busy',
      'pressure.io',
      'memory.dirty',
      'cpu.iowait',
      'processes.blocked',
    ],
    start: ({ folder, strength }) => {
      const file = join(folder, 'storm.bin');
      const loop = `while :; do dd if=/dev/zero of=${file} bs=1M count=${Math.round(100 + 200 * strength)} conv=fsync; done`;
      return then(children(1, 'sh', ['-c', loop]), () => rmSync(file, { force: true }));
    },
  },
  disk_read_storm: {
    channels: [
      'disk.read',
      'disk.operations',
      'disk.busy',
      'pressure.io',
      'cpu.iowait',
      'processes.blocked',
    ],
    start: ({ folder }) => {
      const file = join(folder, BIG_FILE);
      return children(1, 'sh', [
        '-c',
        `while :; do dd if=${file} of=/dev/null bs=256k iflag=direct; done`,
      ]);
    },
  },
  network_flood: {
    channels: ['loopback.traffic', 'cpu.system', 'cpu.interrupt', 'processes.switches'],
    start: ({ strength }) =>
      script(`const dgram = require('node:dgram'); const server = dgram.createSocket('udp4');
        server.bind(0, '127.0.0.1', () => { const client = dgram.createSocket('udp4'); const block = Buffer.alloc(${Math.round(1400 + 6000 * strength)});
        const next = () => client.send(block, server.address().port, '127.0.0.1', next); for (let i = 0; i < 4; i++) next(); });`),
  },
  fork_storm: {
    channels: ['processes.forks', 'processes.switches', 'cpu.system', 'processes.running'],
    start: ({ strength }) =>
      children(strength > 0.5 ? 2 : 1, 'sh', ['-c', 'while :; do /bin/true; done']),
  },
  runaway_log: {
    channels: ['disk.write', 'disk.operations', 'disk.busy', 'pressure.io', 'cpu.iowait'],
    start: ({ folder, strength }) => {
      const file = join(folder, 'runaway.log');
      const stop =
        script(`const fs = require('node:fs'); const fd = fs.openSync(${JSON.stringify(file)}, 'w');
        const line = 'ERROR connection lost, trying again\\n'.repeat(${Math.round(50 + 400 * strength)});
        setInterval(() => { for (let i = 0; i < 10; i++) { fs.writeSync(fd, line); fs.fdatasyncSync(fd); } }, 50);`);
      return then(stop, () => rmSync(file, { force: true }));
    },
  },
  process_stall: {
    channels: [
      'loopback.traffic',
      'processes.switches',
      'cpu.user',
      'cpu.system',
      'disk.write',
      'disk.operations',
      'processes.forks',
    ],
    start: ({ workload }) => {
      workload.kill('SIGSTOP');
      return () => workload.kill('SIGCONT');
    },
  },
  descriptor_leak: {
    channels: ['files.open'],
    start: ({ folder, strength }) => {
      const file = join(folder, 'leaked');
      writeFileSync(file, '');
      return script(`const fs = require('node:fs'); let open = 0;
        setInterval(() => { for (let i = 0; i < ${Math.round(5 + 25 * strength)} && open < 3000; i++, open++) fs.openSync(${JSON.stringify(file)}); }, 100);`);
    },
  },
  connection_leak: {
    channels: ['sockets.tcp', 'files.open'],
    start: ({ strength }) =>
      script(`const net = require('node:net'); const kept = []; const server = net.createServer((s) => kept.push(s));
        server.listen(0, '127.0.0.1', () => setInterval(() => { if (kept.length < 400) for (let i = 0; i < ${Math.round(1 + 3 * strength)}; i++)
        kept.push(net.connect(server.address().port, '127.0.0.1')); }, 200));`),
  },
  memory_allocation: {
    channels: ['memory.used', 'memory.cached'],
    start: ({ strength }) =>
      script(`const kept = []; const most = ${memoryBytes(0.75 + 0.25 * strength)};
        const step = () => { if (kept.length * 16e6 < most) { kept.push(Buffer.alloc(16e6, 1)); setImmediate(step); } };
        step(); setInterval(() => {}, 1000);`),
  },
  slow_memory_leak: {
    channels: ['memory.used'],
    start: ({ strength }) =>
      script(`const kept = []; const most = ${memoryBytes(1)}; const step = ${Math.round(1.5e6 + 2e6 * strength)};
        setInterval(() => { if (kept.length * step < most) kept.push(Buffer.alloc(step, 1)); }, 1000);`),
  },
  disk_filling: {
    channels: ['disk.write', 'disk.operations', 'disk.busy', 'memory.dirty', 'memory.cached'],
    start: ({ folder, strength }) => {
      const file = join(folder, 'filling.bin');
      const stop =
        script(`const fs = require('node:fs'); const fd = fs.openSync(${JSON.stringify(file)}, 'w');
        const block = Buffer.alloc(${Math.round(0.5e6 + 1e6 * strength)}, 1); setInterval(() => fs.writeSync(fd, block), 1000);`);
      return then(stop, () => rmSync(file, { force: true }));
    },
  },
  loopback_load: {
    channels: ['loopback.traffic', 'cpu.system', 'cpu.interrupt', 'processes.switches'],
    start: ({ strength }) =>
      script(`const dgram = require('node:dgram'); const server = dgram.createSocket('udp4'); const block = Buffer.alloc(50_000);
        server.bind(0, '127.0.0.1', () => { const client = dgram.createSocket('udp4');
        setInterval(() => { for (let i = 0; i < ${Math.round(5 + 15 * strength)}; i++) client.send(block, server.address().port, '127.0.0.1'); }, 20); });`),
  },
  sleepers: {
    channels: ['processes.forks', 'memory.used', 'files.open'],
    start: () =>
      children(1, 'sh', [
        '-c',
        'i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i + 1)); done; wait',
      ]),
  },
  creeping_latency: {
    channels: ['service.latency', 'sockets.tcp'],
    start: ({ workload, strength }) => {
      workload.send({ creepMsPerS: 2 + 6 * strength });
      return () => workload.send({ creepMsPerS: 0 });
    },
  },
};

/**
 * What `disk_read_storm` reads: 400 MB.
 * @param {string} folder
 * @returns {Promise<void>}
 */
export async function writeBigFile(folder) {
  const target = `of=${join(folder, BIG_FILE)}`;
  const args = ['if=/dev/zero', target, 'bs=1M', 'count=400', 'conv=fsync'];
  await once(spawn('dd', args, { stdio: 'ignore' }), 'exit');
}

function memoryBytes(share) {
  return Math.round(Math.min(ENOUGH_MEMORY, MOST_MEMORY * freemem()) * share);
}

function script(source) {
  return children(1, process.execPath, ['-e', source]);
}

/** Starts `count` processes in groups of their own, so that the whole tree of each can be ended. */
function children(count, command, args) {
  const all = Array.from({ length: count }, () =>
    spawn(command, args, { stdio: 'ignore', detached: true }),
  );
  return () => {
    for (const child of all) process.kill(-child.pid, 'SIGKILL');
  };
}

function then(stop, after) {
  return () => {
    stop();
    after();
  };
}
