import { ConfigError } from '../../core/errors.ts';

/** Whether a subscription to `filter` receives `topic`: + stands for one level, a final # for any number. */
export function matchesFilter(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const pattern = filter.split('/');
  // [MQTT-4.7.2-1] a leading wildcard does not reach the broker's own topics.
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  for (const [index, level] of pattern.entries()) {
    if (level === '#') return true;
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false;
  }
  return pattern.length === levels.length;
}

/** Throws `ConfigError` when no broker would accept the filter. */
export function checkFilter(filter: string, where: string): void {
  const levels = filter.split('/');
  const misplaced = levels.some(
    (level, index) =>
      (level.includes('+') && level !== '+') ||
      (level.includes('#') && (level !== '#' || index < levels.length - 1)),
  );
  if (filter === '' || misplaced) {
    throw new ConfigError(
      `${where}: '${filter}' is not a topic filter: + stands for a whole level, # only for the last`,
      { code: 'SEN_CFG_TOPIC' },
    );
  }
}

/** Throws `ConfigError` when messages cannot be published under `topic`. */
export function checkTopic(topic: string, where: string): void {
  if (topic === '' || /[+#\0]/.test(topic) || topic.split('/').includes('')) {
    throw new ConfigError(
      `${where}: '${topic}' is not a topic: use words between single slashes, without + and #`,
      { code: 'SEN_CFG_TOPIC' },
    );
  }
}
