// node test/bench/main.ts [--quick] [tracks | call | inspect | composite | export | long-films | remote | jobs | load | ledger]: whole processes against baselines in the same rounds, as Markdown.
import { availableParallelism, cpus } from 'node:os';
import { composites } from './src/composite.ts';
import { exports } from './src/exports.ts';
import { clean } from './src/inputs.ts';
import { inspections } from './src/inspections.ts';
import { jobsOnOneMachine } from './src/jobs.ts';
import { largeLedger } from './src/ledger.ts';
import { loadOfReceiver } from './src/load.ts';
import { longFilms } from './src/long-films.ts';
import { remoteArchive } from './src/remote.ts';
import { singleTracks } from './src/single-tracks.ts';
import { wholeCall } from './src/whole-call.ts';

const ROUNDS = 3;
/** Minutes each. */
const CALL_ROUNDS = 1;

const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isAsked = (table: string) => asked.length === 0 || asked.includes(table);
const lines = [`${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, Node ${process.versions.node}`];
if (isAsked('tracks')) lines.push('', `Medians of ${ROUNDS} rounds:`, '', ...(await singleTracks(ROUNDS)));
if (isAsked('call')) lines.push('', `${CALL_ROUNDS} round:`, '', ...(await wholeCall(CALL_ROUNDS)));
if (isAsked('inspect')) lines.push('', `Medians of ${ROUNDS} rounds:`, '', ...(await inspections(ROUNDS)));
if (isAsked('composite')) lines.push('', '1 run:', '', ...(await composites()));
if (isAsked('export')) lines.push('', '1 run:', '', ...(await exports()));
if (isAsked('long-films')) lines.push('', '1 run each:', '', ...(await longFilms()));
if (isAsked('remote')) lines.push('', `Medians of ${ROUNDS} rounds:`, '', ...(await remoteArchive(ROUNDS)));
if (isAsked('jobs')) lines.push('', `Medians of ${ROUNDS} rounds:`, '', ...(await jobsOnOneMachine(ROUNDS)));
if (isAsked('load')) lines.push('', '1 run:', '', ...(await loadOfReceiver()));
if (isAsked('ledger')) lines.push('', ...(await largeLedger()));
clean();
process.stdout.write(`${lines.join('\n')}\n`);
