// A process that tells the facts that it is given, in its own order, as any receiver or worker of a database does.
import { type Fact, openJobs } from '../../src/index.ts';
import { API_KEY } from './facts.ts';

const [databaseUrl = ''] = process.argv.slice(2);
process.once('message', async (facts: readonly Fact[]) => {
  const jobs = await openJobs({ databaseUrl });
  for (const one of facts) await jobs.ledger.add(API_KEY, [one]);
  await jobs.close();
  process.disconnect();
});
