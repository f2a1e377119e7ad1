import { type Finding, ok, warn } from '../finding.ts';

/** `controllers` is the text of /sys/fs/cgroup/cgroup.controllers; undefined where there is none. */
export function checkMemoryLimit(controllers: string | undefined): Finding {
  if (controllers?.split(/\s+/).includes('memory')) {
    return ok('memory limit', 'the kernel keeps the one of the unit');
  }
  return warn(
    'memory limit',
    'the kernel keeps none: the memory controller is off, so that only our own check is left',
    'add cgroup_enable=memory to /boot/firmware/cmdline.txt and reboot',
  );
}
