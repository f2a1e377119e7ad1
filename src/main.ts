#!/usr/bin/env node
// argv -> command -> exit code. The one place that turns errors into exit codes.
import { runCommand } from './app/cli/program.ts';
import { readEnvironment } from './app/config/environment.ts';
import { endingOf } from './app/process/exit-codes.ts';
import { cannotWrite } from './io/files/written-file.ts';

// `sentigon replay ... | head` closes our standard output: what is under way stops as with a signal, all else ends without an error
let isRead = true;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    if (isRead && process.listenerCount('SIGTERM') === 0) process.exit(0);
    if (isRead) process.emit('SIGTERM', 'SIGTERM');
    isRead = false;
    return;
  }
  const { exitCode, text } = endingOf(cannotWrite('standard output', error));
  process.stderr.write(text);
  process.exit(exitCode);
});
// what cannot be said is no reason to stop the work
process.stderr.on('error', () => undefined);

try {
  process.exitCode = await runCommand(process.argv);
} catch (error) {
  const { exitCode, text } = endingOf(error);
  process.stderr.write(readEnvironment().journald ? text.replaceAll(/^(?=.)/gm, '<3>') : text);
  process.exitCode = exitCode;
}
