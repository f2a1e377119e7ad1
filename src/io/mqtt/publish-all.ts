// Several messages through one connection.
import { SinkError } from '../../core/errors.ts';
import type { MqttConnection, MqttMessage } from './connection.ts';

/** In the given order; resolves when the broker has all of them. Rejects with a refusal only when nothing else failed. */
export async function publishAll(
  connection: MqttConnection,
  messages: readonly MqttMessage[],
): Promise<void> {
  const answers = await Promise.allSettled(messages.map((message) => connection.publish(message)));
  const failures = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason as unknown] : [],
  );
  if (failures.length > 0) throw failures.find((failure) => !isFinal(failure)) ?? failures[0];
}

/** As `publishAll`, but a message that the broker refuses for good is reported and left out. */
export async function publishAllowed(
  connection: MqttConnection,
  messages: readonly MqttMessage[],
  warn: (message: string) => void,
): Promise<void> {
  try {
    await publishAll(connection, messages);
  } catch (error) {
    if (!isFinal(error)) throw error;
    warn((error as Error).message);
  }
}

function isFinal(failure: unknown): boolean {
  return failure instanceof SinkError && failure.final;
}
