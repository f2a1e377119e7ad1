import { connect } from 'node:net';

/** How long an answer from this very machine may take, milliseconds. */
const ANSWER_MS = 1000;

/** Whether something listens on `port` of this machine; on 1883 that is a broker. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: ANSWER_MS });
    const answer = (listening: boolean) => (): void => {
      socket.destroy();
      resolve(listening);
    };
    socket
      .once('connect', answer(true))
      .once('error', answer(false))
      .once('timeout', answer(false));
  });
}
