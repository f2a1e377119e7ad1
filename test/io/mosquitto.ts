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
  /** SIGTERM lets it write what it keeps, SIGKILL does not. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP: it keeps its connections and does nothing any more, until SIGCONT. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
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
    async stop(signal = 'SIGKILL') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child?.once('exit', resolve));
      child.kill(signal);
      await gone;
    },
    signal: (name) => void child?.kill(name),
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

/**
 * An authority (ca.pem), a certificate for 127.0.0.1 signed by it (server.pem, server.key), one for a client of the name
 * pump (client.pem, client.key), and one that nobody of note has signed (stranger.pem, stranger.key).
 */
export function makeCertificates(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const openssl = (line: string, ...more: string[]): void => {
    execFileSync('openssl', [...line.split(' '), ...more], { cwd: folder, stdio: 'ignore' });
  };
  const selfSigned = (name: string, subject: string): void =>
    openssl(
      `req -x509 -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.pem -days 2 -subj`,
      subject,
    );
  const signed = (name: string, subject: string): void => {
    openssl(`req -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.csr -subj`, subject);
    const files = `-in ${name}.csr -out ${name}.pem -CA ca.pem -CAkey ca.key -CAcreateserial`;
    openssl(`x509 -req ${files} -days 2 -extfile names`);
  };
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:broker.test\n');
  selfSigned('ca', '/CN=Test CA');
  selfSigned('stranger', '/CN=stranger');
  signed('server', '/CN=broker');
  signed('client', '/CN=pump');
}
