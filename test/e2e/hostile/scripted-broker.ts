// Brokers that keep to MQTT up to one point, and then do what a good one never does.
import { createServer, type Server, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import { onTestFinished } from 'vitest';

/** What each does, packet by packet; what it does not name is answered as by a good broker. */
const SCRIPTS = {
  'destroys the socket at the first PUBLISH': { publish: ({ socket }) => socket.destroy() },
  'answers nothing': { connect: silence },
  'stops reading after CONNACK': {
    connect(client) {
      answer(client);
      client.socket.pause();
    },
  },
  'acknowledges other packet ids': {
    publish({ socket, version, packet }) {
      // far from every id that is in use, so that no acknowledgement is right by chance
      const messageId = (packet.messageId ?? 0) ^ 0x8000 || 1;
      send(socket, { cmd: 'puback', messageId }, version);
    },
  },
  'never acknowledges': { publish: silence },
  'closes at SUBSCRIBE': { subscribe: ({ socket }) => socket.end() },
  'refuses CONNECT': {
    connect({ socket, version }) {
      const reason = version === 5 ? { reasonCode: 0x88 } : { returnCode: 3 };
      send(socket, { cmd: 'connack', sessionPresent: false, ...reason }, version);
      socket.end();
    },
  },
  'answers garbage': {
    connect: answer,
    subscribe: garbage,
    publish: garbage,
    pingreq: garbage,
  },
} satisfies Record<string, Script>;

export type ScriptName = keyof typeof SCRIPTS;

export const SCRIPT_NAMES = Object.keys(SCRIPTS) as readonly ScriptName[];

type Script = Partial<Record<Packet['cmd'], (client: Client) => void>>;

interface Client {
  readonly socket: Socket;
  /** 4 or 5, as it said in CONNECT. */
  readonly version: number;
  readonly packet: Packet;
}

export interface ScriptedBroker {
  readonly port: number;
  /** Connections so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 until it is closed or the test ends. */
export async function startScriptedBroker(name: ScriptName, port = 0): Promise<ScriptedBroker> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    follow(SCRIPTS[name], socket);
  });
  await listen(server, port);
  const close = (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    return closed;
  };
  onTestFinished(close);
  const address = server.address() as { port: number };
  return { port: address.port, connections: () => connections, close };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
}

function follow(script: Script, socket: Socket): void {
  const settings = { protocolVersion: 4 }; // read by the parser at each packet
  const packets = parser(settings);
  packets.on('error', () => void socket.destroy());
  packets.on('packet', (packet: Packet) => {
    if (packet.cmd === 'connect') settings.protocolVersion = packet.protocolVersion ?? 4;
    (script[packet.cmd] ?? answer)({ socket, version: settings.protocolVersion, packet });
  });
  socket.on('data', (bytes) => packets.parse(bytes));
}

/** What a good broker says. */
function answer({ socket, version, packet }: Client): void {
  const { messageId = 0 } = packet;
  if (packet.cmd === 'connect') {
    const accepted = version === 5 ? { reasonCode: 0 } : { returnCode: 0 };
    send(socket, { cmd: 'connack', sessionPresent: false, ...accepted }, version);
  } else if (packet.cmd === 'subscribe') {
    const granted = packet.subscriptions.map(({ qos }) => qos);
    send(socket, { cmd: 'suback', messageId, granted }, version);
  } else if (packet.cmd === 'publish' && packet.qos === 1) {
    send(socket, { cmd: 'puback', messageId }, version);
  } else if (packet.cmd === 'pingreq') send(socket, { cmd: 'pingresp' }, version);
  else if (packet.cmd === 'disconnect') socket.end();
}

function silence(): void {
  // says nothing, and keeps the connection
}

/** A packet type that does not exist, with a length that does not end. */
function garbage({ socket }: Client): void {
  if (socket.writable) socket.write(Buffer.alloc(64, 0xff));
}

function send(socket: Socket, packet: Packet, protocolVersion: number): void {
  if (socket.writable) socket.write(generate(packet, { protocolVersion }));
}
