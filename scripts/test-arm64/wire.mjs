// A wire between two pins of the emulated board: qemu tells what its GPIO chip puts out, and takes what comes in.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where qemu lists the parts of a board. */
const PARTS = '/machine/unattached';
const CHIP = 'child<pl061>';

/** Waits for one qemu to connect to both sockets that it returns. `from` and `to` are lines of the chip. */
export async function layWire(folder, { from, to }) {
  const control = await listen(join(folder, 'control'));
  const pins = await listen(join(folder, 'pins'));
  const laid = carry(control.connection, pins.connection, { from, to });
  return { controlPath: control.path, pinsPath: pins.path, laid };
}

/** Resolves when qemu is gone. */
async function carry(control, pins, { from, to }) {
  const chip = await findChip(await control);
  const socket = await pins;
  socket.write(`irq_intercept_out ${chip}\n`);
  for await (const line of linesOf(socket)) {
    const [, edge, pin] = /^IRQ (raise|lower) (\d+)$/.exec(line) ?? [];
    if (line.startsWith('FAIL')) throw new Error(`qemu's GPIO chip cannot be wired: ${line}`);
    if (Number(pin) !== from) continue;
    socket.write(`set_irq_in ${chip} unnamed-gpio-in ${to} ${edge === 'raise' ? 1 : 0}\n`);
  }
}

async function findChip(socket) {
  socket.write('{"execute":"qmp_capabilities"}\n');
  socket.write(`{"execute":"qom-list","arguments":{"path":"${PARTS}"}}\n`);
  for await (const line of linesOf(socket)) {
    const { return: parts } = JSON.parse(line);
    if (!Array.isArray(parts)) continue;
    const chip = parts.find(({ type }) => type === CHIP);
    if (chip) return `${PARTS}/${chip.name}`;
    break;
  }
  throw new Error(`found no ${CHIP} among the parts of the emulated board`);
}

/** Ends with qemu, however that ends. */
async function* linesOf(socket) {
  try {
    yield* createInterface({ input: socket });
  } catch (error) {
    if (error.code !== 'ECONNRESET') throw error;
  }
}

/** A socket that takes one connection. */
async function listen(path) {
  const server = createServer();
  const connection = once(server, 'connection').then(([socket]) => {
    server.close();
    return socket;
  });
  server.listen(path);
  await once(server, 'listening');
  return { path, connection };
}
