// Loaded into the command before anything else: tells its most memory and processor time when it ends.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const TOLD_TO = 3;

if (isMainThread)
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeSync(TOLD_TO, JSON.stringify({ maxRSS, userCPUTime, systemCPUTime }));
  });
