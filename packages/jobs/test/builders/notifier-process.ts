// A notifier in a process of its own, to be killed between sending and writing down that it was sent.
import { openJobs } from '../../src/index.ts';

const [databaseUrl = '', name = ''] = process.argv.slice(2);
const jobs = await openJobs({ databaseUrl });
await jobs.notify({
  name,
  pollMs: 20,
  async deliver({ id }) {
    process.send?.({ id });
    await new Promise(() => undefined);
  },
});
