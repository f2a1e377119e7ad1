import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** What comes back until the connection ends. */
export async function spoken(url: string, said: string): Promise<{ readonly text: string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket
    .on('error', () => undefined)
    .on('data', (part: string) => {
      text += part;
    });
  socket.write(said);
  await once(socket, 'close');
  return { text };
}
