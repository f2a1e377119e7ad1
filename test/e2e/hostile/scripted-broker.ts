// Brokers that keep to MQTT up to one point, and then do what a good one never does.
import { onTestFinished } from 'vitest';
import {
  acts,
  type Script,
  type ScriptedBroker,
  startScriptedBroker as startBroker,
} from '../../io/mqtt/scripted-broker.ts';

/** What each does, packet by packet; what it does not name is answered as by a good broker. */
const SCRIPTS = {
  'destroys the socket at the first PUBLISH': { publish: acts.destroy },
  'answers nothing': { connect: acts.fallSilent },
  'stops reading after CONNACK': { connect: acts.answerAndFallSilent },
  'acknowledges other packet ids': { publish: acts.answerAnother },
  'never acknowledges': { publish: acts.ignore },
  'closes at SUBSCRIBE': { subscribe: acts.end },
  'refuses CONNECT': { connect: acts.refuse },
  'answers garbage': { subscribe: acts.garbage, publish: acts.garbage, pingreq: acts.garbage },
} satisfies Record<string, Script>;

export type ScriptName = keyof typeof SCRIPTS;

export const SCRIPT_NAMES = Object.keys(SCRIPTS) as readonly ScriptName[];

/** Listens on 127.0.0.1 until it is closed or the test ends. */
export async function startScriptedBroker(name: ScriptName, port = 0): Promise<ScriptedBroker> {
  const broker = await startBroker(() => SCRIPTS[name], port);
  onTestFinished(() => broker.close());
  return broker;
}
