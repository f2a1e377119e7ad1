// A broker that misbehaves as it is told. It speaks real MQTT, 3.1.1 and 5; what a script does not name it does right.
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate, type Packet, parser } from 'mqtt-packet';

/** What it does with a packet instead of answering it. */
export type Act = (peer: Peer, packet: Packet) => void;

/** By the name of the packet that comes. */
export type Script = Partial<Record<Packet['cmd'], Act>>;

export interface Peer {
  readonly socket: Socket;
  /** What a broker answers to the packet; undefined = nothing. */
  answerTo(packet: Packet): Packet | undefined;
  bytesOf(packet: Packet): Buffer;
  /** From now on nothing is read or answered; the connection stays, and its end is not answered either. */
  fallSilent(): void;
  /** Begins when what was given before has ended. */
  inTurn(work: () => Promise<void>): void;
}

export interface ScriptedBroker {
  readonly url: string;
  /** Packets of each connection, in the order they came. */
  readonly heard: readonly (readonly Packet[])[];
  /** Resolves when there were so many. */
  connections(count: number): Promise<void>;
  /** Resolves when the other end of each connection is closed, also of those that were fallen silent on. */
  allClosed(): Promise<void>;
  close(): Promise<void>;
}

/** `scriptOf` says how the connection of this number behaves, from 0. */
export async function startScriptedBroker(
  scriptOf: (connection: number) => Script,
  wantedPort = 0,
): Promise<ScriptedBroker> {
  const heard: Packet[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    const packets: Packet[] = [];
    const script = scriptOf(heard.push(packets) - 1);
    converse(socket, script, packets);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(wantedPort, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    heard,
    async connections(count) {
      while (heard.length < count) await sleep(20);
    },
    async allClosed() {
      while (sockets.size > 0) await sleep(20);
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

function converse(socket: Socket, script: Script, packets: Packet[]): void {
  const reader = parser();
  let protocolVersion: 4 | 5 = 4;
  let silent = false;
  let turn = Promise.resolve();
  const peer: Peer = {
    socket,
    answerTo,
    bytesOf: (packet) => generate(packet, { protocolVersion }),
    fallSilent() {
      silent = true;
    },
    inTurn(work) {
      turn = turn.then(work);
    },
  };
  reader.on('packet', (packet) => {
    packets.push(packet);
    if (silent) return;
    if (packet.cmd === 'connect') protocolVersion = packet.protocolVersion === 5 ? 5 : 4;
    (script[packet.cmd] ?? acts.answer)(peer, packet);
  });
  reader.on('error', () => socket.destroy());
  socket.on('data', (chunk) => reader.parse(chunk));
  socket.on('end', () => {
    if (silent) probe(socket);
    else socket.end();
  });
}

/** An end that is closed answers with a reset; one that only says no more does not. */
function probe(socket: Socket): void {
  const timer = setInterval(() => socket.write(Buffer.alloc(1)), 20);
  socket.once('close', () => clearInterval(timer));
}

function answerTo(packet: Packet): Packet | undefined {
  const { messageId = 0 } = packet;
  switch (packet.cmd) {
    case 'connect':
      return { cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false };
    case 'subscribe':
      return { cmd: 'suback', granted: packet.subscriptions.map(({ qos }) => qos), messageId };
    case 'publish':
      if (packet.qos === 0) return undefined;
      return packet.qos === 1 ? { cmd: 'puback', messageId } : { cmd: 'pubrec', messageId };
    case 'pubrel':
      return { cmd: 'pubcomp', messageId };
    case 'pingreq':
      return { cmd: 'pingresp' };
    default:
      return undefined;
  }
}

const write = (peer: Peer, packet: Packet | undefined): void => {
  if (packet) peer.socket.write(peer.bytesOf(packet));
};

const OTHER_ID = 40_000;

export const acts = {
  answer(peer, packet) {
    if (packet.cmd === 'disconnect') peer.socket.end();
    else write(peer, peer.answerTo(packet));
  },
  ignore() {},
  fallSilent: (peer) => peer.fallSilent(),
  answerAndFallSilent(peer, packet) {
    write(peer, peer.answerTo(packet));
    peer.fallSilent();
  },
  end: ({ socket }) => void socket.end(),
  destroy: ({ socket }) => void socket.destroy(),
  reset: ({ socket }) => void socket.resetAndDestroy(),
  answerAndDestroy({ socket, bytesOf, answerTo }, packet) {
    const answer = answerTo(packet);
    if (answer) socket.write(bytesOf(answer));
    socket.end(() => socket.destroy());
  },
  /** The answer to a packet that nobody sent. */
  answerAnother: (peer, packet) =>
    write(peer, { ...peer.answerTo(packet), messageId: OTHER_ID } as Packet),
  /** The right number, and the wrong kind of answer. */
  answerWrongly: (peer, { cmd, messageId }) =>
    write(peer, {
      cmd: cmd === 'subscribe' ? 'puback' : 'suback',
      granted: [0],
      messageId,
    } as Packet),
  /** 0x87, not authorised; under 3.1.1 only CONNACK and SUBACK can say no. */
  refuse(peer, packet) {
    const answer = peer.answerTo(packet);
    const refused = { returnCode: 5, reasonCode: 0x87, granted: [0x80] };
    write(peer, answer && ({ ...answer, ...refused } as Packet));
  },
  /** MQTT 5 only, and without closing the connection, which is the other side's to do. */
  disconnect: (peer) => write(peer, { cmd: 'disconnect', reasonCode: 0x8b } as Packet),
  /** A packet of type 0 with flags, which there is not. */
  garbage: ({ socket }) => void socket.write(Buffer.from([0x0f, 0x01, 0xff, 0x00, 0xff])),
  /** The beginning of a packet of 256 MB that never comes. */
  promiseMuch: ({ socket }) => void socket.write(Buffer.from([0x40, 0xff, 0xff, 0xff, 0x7f])),
  /** One byte after the other. */
  dribble({ socket, answerTo, bytesOf, inTurn }, packet) {
    const answer = answerTo(packet);
    inTurn(async () => {
      for (const byte of answer ? bytesOf(answer) : []) {
        socket.write(Buffer.from([byte]));
        await sleep(5);
      }
    });
  },
} satisfies Record<string, Act>;
