import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Way {
  readonly port: number;
  /** Of a broker at its end. */
  readonly url: string;
  /** Ends all connections; later ones go through again. */
  cut(): void;
  /** Nothing comes through, and neither end is told, as when a cable is pulled. */
  hold(): void;
  /** What was held comes through. */
  release(): void;
}

/** A way to a server that can be cut, or held. */
export async function cuttable(port: number): Promise<Way> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  onTestFinished(() => {
    server.close();
    cut();
  });
  const { port: own } = server.address() as { port: number };
  return {
    ...{ port: own, url: `mqtt://127.0.0.1:${own}`, cut },
    hold() {
      for (const socket of sockets) socket.pause();
    },
    release() {
      for (const socket of sockets) socket.resume();
    },
  };
}
