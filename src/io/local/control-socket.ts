// The control socket of the daemon: one line of JSON in, one line out. Only the daemon's user and root may open it. It works
// without a broker.
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Control, Reply } from '../../core/control.ts';
import { DeviceError } from '../../core/errors.ts';
import { type JsonObject, objectIn } from '../text/json.ts';

/** Name of the socket in the state folder. */
export const CONTROL_SOCKET = 'control.sock';

export interface ControlServer {
  close(): Promise<void>;
}

const MOST_REQUEST_BYTES = 65_536;
/** Enough for the rows around an alert of a thousand channels. */
const MOST_ANSWER_BYTES = 1 << 24;

/** How long a client may take to send its request. */
const SILENT_MS = 10_000;

/** Time between two checks whether the socket was deleted, alone or with the state folder. */
const LOOK_MS = 2000;

/**
 * Listens at `path`, and replaces a socket of an earlier daemon: one state folder has one daemon. Listens again when the
 * socket is deleted. Throws `DeviceError` when it cannot listen.
 */
export async function serveControl(
  path: string,
  control: Pick<Control, 'execute'>,
): Promise<ControlServer> {
  let server = await openServer(path, control);
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    if (existsSync(path)) return;
    await server.close();
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    server = await openServer(path, control);
  };
  const timer = setInterval(() => {
    // tried again with the next check: the folder may be back then
    looking = looking.then(look).catch(() => undefined);
  }, LOOK_MS).unref();
  return {
    async close() {
      clearInterval(timer);
      await looking;
      await server.close();
    },
  };
}

async function openServer(path: string, control: Pick<Control, 'execute'>): Promise<ControlServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    void serve(socket, control);
  });
  try {
    rmSync(path, { force: true });
    await listen(server, path);
    chmodSync(path, 0o600);
  } catch (cause) {
    server.close(); // it may listen already
    throw new DeviceError(`control socket ${path} cannot be made: ${(cause as Error).message}`, {
      code: 'SEN_DEV_CONTROL_SOCKET',
      cause,
    });
  }
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Sends a request to the daemon at `path`. Throws `DeviceError` when none listens, or it does not answer in time. */
export async function askDaemon(
  path: string,
  request: Readonly<Record<string, unknown>>,
  timeoutMs: number,
): Promise<Reply> {
  const socket = connect(path);
  try {
    await settled(socket, 'connect', timeoutMs);
    socket.write(`${JSON.stringify(request)}\n`);
    const line = await readLine(socket, timeoutMs, MOST_ANSWER_BYTES);
    return JSON.parse(line) as Reply; // the daemon wrote it
  } catch (cause) {
    throw unanswered(cause, path);
  } finally {
    socket.destroy();
  }
}

async function serve(socket: Socket, control: Pick<Control, 'execute'>): Promise<void> {
  socket.on('error', () => undefined); // a client may disconnect at any time
  try {
    const { verb, ...request } = parse(await readLine(socket, SILENT_MS, MOST_REQUEST_BYTES));
    const reply = await control.execute(String(verb), request);
    socket.end(`${JSON.stringify(reply)}\n`);
  } catch (error) {
    const reply: Reply = { status: 'error', code: 'CONFIG', error: (error as Error).message };
    socket.end(`${JSON.stringify(reply)}\n`);
  }
}

function parse(line: string): JsonObject {
  const found = objectIn(line);
  if (found) return found;
  throw new SyntaxError('expected one line with a JSON object that has a verb');
}

function readLine(socket: Socket, timeoutMs: number, mostBytes: number): Promise<string> {
  let text = '';
  socket.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    socket.setTimeout(timeoutMs, () => reject(new Error(`nothing was sent for ${timeoutMs} ms`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed without a line')));
    socket.on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > mostBytes) reject(new Error(`a line is at most ${mostBytes} bytes`));
    });
  });
}

function settled(socket: Socket, event: 'connect', timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)));
    socket.once(event, resolve).once('error', reject);
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}

function unanswered(cause: unknown, path: string): DeviceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const remedy =
    code === 'ENOENT' || code === 'ECONNREFUSED'
      ? "no daemon answers there: start it with 'sentigon run', or name its configuration with --config"
      : code === 'EACCES'
        ? "may not be opened by this user: be the daemon's user, or root"
        : message;
  return new DeviceError(`${path}: ${remedy}`, { code: 'SEN_DEV_NO_ANSWER', cause });
}
