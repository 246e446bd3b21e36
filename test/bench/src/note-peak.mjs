import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.PEAK, `${process.resourceUsage().maxRSS / 1024}`));
