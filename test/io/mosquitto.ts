// A real Mosquitto on a free port of this machine, for what the embedded broker cannot do.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { tempFolder } from './temp-folder.ts';

const PROGRAM = [
  '/usr/sbin/mosquitto',
  '/usr/local/sbin/mosquitto',
  '/opt/homebrew/sbin/mosquitto',
].find((path) => existsSync(path));

export const hasMosquitto = PROGRAM !== undefined;

export interface Mosquitto {
  readonly port: number;
  readonly folder: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** `config` sees the folder, so that it can name files in it. */
export async function startMosquitto(config: (folder: string) => string[]): Promise<Mosquitto> {
  const folder = tempFolder();
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'persistence false',
    'log_type none',
    ...config(folder),
  ];
  if (process.getuid?.() === 0) lines.push('user root');
  writeFileSync(file, `${lines.join('\n')}\n`);
  let child: ChildProcess | undefined;
  const broker: Mosquitto = {
    port,
    folder,
    async start() {
      child = spawn(PROGRAM ?? 'mosquitto', ['-c', file], { stdio: 'ignore' });
      await untilOpen(port);
    },
    async stop() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
  onTestFinished(() => broker.stop());
  await broker.start();
  return broker;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function untilOpen(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(25);
  }
  throw new Error(`nothing listens on port ${port}`);
}

/** An authority and a certificate for 127.0.0.1 signed by it: ca.pem, server.pem, server.key. */
export function makeCertificates(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const openssl = (...parts: string[]): void => {
    execFileSync('openssl', parts, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Test CA',
  );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=broker');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:broker.test\n');
  const sign = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    'names',
  ];
  openssl('x509', '-req', '-in', 'server.csr', ...sign, '-out', 'server.pem');
}
