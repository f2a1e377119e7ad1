// Requests and their answers: <root>/request/<verb> -> <root>/response/<verb>, or where MQTT 5 says.
import type { Control, Reply } from '../../../core/control.ts';
import type { MqttLabel, MqttMessage } from '../../mqtt/connection.ts';
import { type JsonObject, objectIn } from '../../text/json-object.ts';

const MOST_BYTES = 65_536;

const UNREADABLE: Reply = {
  status: 'error',
  code: 'CONFIG',
  error: 'expected a JSON object of at most 64 kB, or nothing',
};

/** The answer to a message, if it is a request. One that the broker kept was meant for an earlier day. */
export async function answerTo(
  topic: string,
  payload: Buffer,
  label: MqttLabel,
  { root, control }: { readonly root: string; readonly control: Pick<Control, 'execute'> },
): Promise<MqttMessage | undefined> {
  const start = `${root}/request/`;
  const verb = topic.slice(start.length);
  if (!topic.startsWith(start) || label.retain || verb === '') return undefined;
  const asked = label.tooLongBytes === undefined ? parse(payload) : undefined;
  const { transaction, ...request } = asked ?? {};
  const reply = asked ? await control.execute(verb, request) : UNREADABLE;
  return {
    topic: wanted(label.responseTopic) ?? `${root}/response/${verb}`,
    payload: JSON.stringify({ ...reply, ...(transaction !== undefined && { transaction }) }),
    retain: false,
    ...(label.correlation && { correlation: label.correlation }),
  };
}

/** undefined = not a request's form. Nothing at all asks for nothing in particular. */
function parse(payload: Buffer): JsonObject | undefined {
  if (payload.length > MOST_BYTES) return undefined;
  const text = payload.toString('utf8').trim();
  if (text === '') return {};
  try {
    return objectIn(text);
  } catch {
    return undefined; // the answer says so
  }
}

function wanted(topic: string | undefined): string | undefined {
  return topic === undefined || topic === '' || /[+#]/.test(topic) ? undefined : topic;
}
