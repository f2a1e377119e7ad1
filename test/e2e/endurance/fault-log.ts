/** How many faults a log has whose message begins with `beginning`, those that were summed up included. */
export function faultsTold(log: string, beginning: string): number {
  const told = log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { msg: string }).msg)
    .filter((message) => message.startsWith(beginning));
  return told.reduce((sum, message) => {
    const more = /\(and (\d+) more before it\)$/.exec(message)?.[1] ?? '0';
    return sum + 1 + Number(more);
  }, 0);
}
