import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Counts the time that this process waits for the disk to say that data is safe, from now on. */
export function startSyncClock() {
  const originals = { fsyncSync: fs.fsyncSync, fdatasyncSync: fs.fdatasyncSync };
  let spentMs = 0;
  let count = 0;
  for (const [name, original] of Object.entries(originals))
    replace(name, (descriptor) => {
      const start = performance.now();
      original(descriptor);
      spentMs += performance.now() - start;
      count += 1;
    });
  return {
    /** What was counted since the last call. */
    take: () => {
      const taken = { spentMs, count };
      spentMs = 0;
      count = 0;
      return taken;
    },
    stop: () => {
      for (const [name, original] of Object.entries(originals)) replace(name, original);
    },
  };
}

/** Also for modules that have imported the function already. */
function replace(name, implementation) {
  fs[name] = implementation;
  syncBuiltinESMExports();
}
