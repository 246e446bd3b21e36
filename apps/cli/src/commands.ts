import { authLogin } from './commands/auth/login.ts';
import { authLogout } from './commands/auth/logout.ts';
import { authStatus } from './commands/auth/status.ts';
import { cacheClear } from './commands/cache/clear.ts';
import { cacheList } from './commands/cache/list.ts';
import { completion } from './commands/completion.ts';
import { composite } from './commands/composite.ts';
import { doctor } from './commands/doctor.ts';
import { exportCall } from './commands/export.ts';
import { extractAudio } from './commands/extract-audio.ts';
import { extractVideo } from './commands/extract-video.ts';
import { grantsGet } from './commands/grants/get.ts';
import { grantsSet } from './commands/grants/set.ts';
import { inspect } from './commands/inspect.ts';
import { jobsCancel } from './commands/jobs/cancel.ts';
import { jobsList } from './commands/jobs/list.ts';
import { jobsRetry } from './commands/jobs/retry.ts';
import { jobsShow } from './commands/jobs/show.ts';
import { jobsWatch } from './commands/jobs/watch.ts';
import { listTracks } from './commands/list-tracks.ts';
import { mixAudio } from './commands/mix-audio.ts';
import { muxAv } from './commands/mux-av.ts';
import { processAll } from './commands/process-all.ts';
import { recordingDelete } from './commands/recording/delete.ts';
import { recordingDownload } from './commands/recording/download.ts';
import { recordingGoLive } from './commands/recording/go-live.ts';
import { recordingList } from './commands/recording/list.ts';
import { recordingStart } from './commands/recording/start.ts';
import { recordingStatus } from './commands/recording/status.ts';
import { recordingStop } from './commands/recording/stop.ts';
import { recordingStopLive } from './commands/recording/stop-live.ts';
import { recordingSweep } from './commands/recording/sweep.ts';
import { recordingWait } from './commands/recording/wait.ts';
import { recordingWatch } from './commands/recording/watch.ts';
import { scrub } from './commands/scrub.ts';
import { settingsGet } from './commands/settings/get.ts';
import { settingsSet } from './commands/settings/set.ts';
import { storageAssign } from './commands/storage/assign.ts';
import { storageCheck } from './commands/storage/check.ts';
import { storageCreate } from './commands/storage/create.ts';
import { storageDelete } from './commands/storage/delete.ts';
import { storageList } from './commands/storage/list.ts';
import { storageUnassign } from './commands/storage/unassign.ts';
import { storageUpdate } from './commands/storage/update.ts';
import { transcript } from './commands/transcript.ts';
import { transcriptionKit } from './commands/transcription-kit.ts';
import { webhookRegister } from './commands/webhook/register.ts';
import { webhookShow } from './commands/webhook/show.ts';
import { webhookTest } from './commands/webhook/test.ts';
import { webhookUnregister } from './commands/webhook/unregister.ts';
import { type Command, runs } from './declare/command.ts';

/** Every command, in the order of help pages and completions. A line loads the code of its command when it is run. */
export const COMMANDS: readonly Command[] = [
  runs(listTracks, () => import('./commands/list-tracks.run.ts')),
  runs(inspect, () => import('./commands/inspect.run.ts')),
  runs(scrub, () => import('./commands/scrub.run.ts')),
  runs(extractAudio, () => import('./commands/extract-audio.run.ts')),
  runs(extractVideo, () => import('./commands/extract-video.run.ts')),
  runs(muxAv, () => import('./commands/mux-av.run.ts')),
  runs(mixAudio, () => import('./commands/mix-audio.run.ts')),
  runs(processAll, () => import('./commands/process-all.run.ts')),
  runs(composite, () => import('./commands/composite.run.ts')),
  runs(exportCall, () => import('./commands/export.run.ts')),
  runs(transcriptionKit, () => import('./commands/transcription-kit.run.ts')),
  runs(transcript, () => import('./commands/transcript.run.ts')),
  runs(recordingStart, () => import('./commands/recording/start.run.ts')),
  runs(recordingStop, () => import('./commands/recording/stop.run.ts')),
  runs(recordingStatus, () => import('./commands/recording/status.run.ts')),
  runs(recordingList, () => import('./commands/recording/list.run.ts')),
  runs(recordingWait, () => import('./commands/recording/wait.run.ts')),
  runs(recordingDownload, () => import('./commands/recording/download.run.ts')),
  runs(recordingDelete, () => import('./commands/recording/delete.run.ts')),
  runs(recordingWatch, () => import('./commands/recording/watch.run.ts')),
  runs(recordingSweep, () => import('./commands/recording/sweep.run.ts')),
  runs(recordingGoLive, () => import('./commands/recording/go-live.run.ts')),
  runs(recordingStopLive, () => import('./commands/recording/stop-live.run.ts')),
  runs(settingsGet, () => import('./commands/settings/get.run.ts')),
  runs(settingsSet, () => import('./commands/settings/set.run.ts')),
  runs(storageList, () => import('./commands/storage/list.run.ts')),
  runs(storageCreate, () => import('./commands/storage/create.run.ts')),
  runs(storageUpdate, () => import('./commands/storage/update.run.ts')),
  runs(storageDelete, () => import('./commands/storage/delete.run.ts')),
  runs(storageCheck, () => import('./commands/storage/check.run.ts')),
  runs(storageAssign, () => import('./commands/storage/assign.run.ts')),
  runs(storageUnassign, () => import('./commands/storage/unassign.run.ts')),
  runs(grantsGet, () => import('./commands/grants/get.run.ts')),
  runs(grantsSet, () => import('./commands/grants/set.run.ts')),
  runs(jobsList, () => import('./commands/jobs/list.run.ts')),
  runs(jobsShow, () => import('./commands/jobs/show.run.ts')),
  runs(jobsRetry, () => import('./commands/jobs/retry.run.ts')),
  runs(jobsCancel, () => import('./commands/jobs/cancel.run.ts')),
  runs(jobsWatch, () => import('./commands/jobs/watch.run.ts')),
  runs(webhookRegister, () => import('./commands/webhook/register.run.ts')),
  runs(webhookShow, () => import('./commands/webhook/show.run.ts')),
  runs(webhookUnregister, () => import('./commands/webhook/unregister.run.ts')),
  runs(webhookTest, () => import('./commands/webhook/test.run.ts')),
  runs(authLogin, () => import('./commands/auth/login.run.ts')),
  runs(authStatus, () => import('./commands/auth/status.run.ts')),
  runs(authLogout, () => import('./commands/auth/logout.run.ts')),
  runs(doctor, () => import('./commands/doctor.run.ts')),
  runs(cacheList, () => import('./commands/cache/list.run.ts')),
  runs(cacheClear, () => import('./commands/cache/clear.run.ts')),
  runs(completion, () => import('./commands/completion.run.ts')),
];
