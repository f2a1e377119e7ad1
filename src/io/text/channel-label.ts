// What people call the channels of the `host` source; channels of other sources have the names that people gave them.
import { type Channel, formatChannel } from '../../core/sample.ts';

const LABELS: Readonly<Record<string, string>> = {
  'cpu.user[%]': 'CPU use by programs',
  'cpu.system[%]': 'CPU use by the kernel',
  'cpu.iowait[%]': 'CPU waiting for disks',
  'cpu.interrupt[%]': 'CPU use by interrupts',
  'cpu.steal[%]': 'CPU taken by other machines',
  'cpu.temperature[°C]': 'CPU temperature',
  'cpu.frequency[MHz]': 'CPU frequency',
  'cpu.throttled': 'CPU throttling',
  'power.undervoltage': 'undervoltage',
  'processes.forks[1/s]': 'new processes',
  'processes.switches[1/s]': 'context switches',
  'processes.running': 'running processes',
  'processes.blocked': 'processes waiting for disks',
  'load.1min': 'load average',
  'pressure.cpu[%]': 'time lost waiting for CPU',
  'pressure.memory[%]': 'time lost waiting for memory',
  'pressure.io[%]': 'time lost waiting for disks',
  'memory.used[%]': 'memory in use',
  'memory.cached[%]': 'memory used as file cache',
  'memory.dirty[MB]': 'data not yet on disk',
  'swap.used[%]': 'swap in use',
  'disk.read[MB/s]': 'disk reads',
  'disk.write[MB/s]': 'disk writes',
  'disk.operations[1/s]': 'disk operations',
  'disk.busy[%]': 'disk busy',
  'network.received[kB/s]': 'network received',
  'network.sent[kB/s]': 'network sent',
  'network.packets[1/s]': 'network packets',
  'loopback.traffic[kB/s]': 'traffic inside the machine',
  'sockets.tcp': 'TCP connections',
  'files.open': 'open files',
};

const OF_FILE_SYSTEM = /^disk\.(free|inodes):?(.*)$/;

/** A name for people: a label in lower case, or the channel's own name. */
export function channelLabel({ id, unit }: Channel): string {
  const [, what, path] = (unit === '%' && OF_FILE_SYSTEM.exec(id)) || [];
  if (what !== undefined) {
    return `free ${what === 'free' ? 'space' : 'inodes'} of ${path === '' ? '/' : path}`;
  }
  return LABELS[formatChannel({ id, unit })] ?? id;
}
