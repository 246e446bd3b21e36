import { describe, expect, test } from 'vitest';
import type { ArchiveError, TrackIds } from '../../src/index.ts';
import { openZip } from '../builders/open.ts';
import { dump, type File, metadata, segment } from '../builders/recording.ts';

/** A microphone and a camera in a session; without ids, as metadata may be, a track is called by its type. */
function session(user: string, number: number, audio: string, video: string): File[] {
  const folder = `${user}/${number}`;
  const of = (base: string, track_id: string) => segment(`${base}_${user}_${number}`, { track_id });
  return [
    ...['audio', 'video'].map((base) => ({
      name: `${folder}/${base}_${user}_${number}.rtpdump`,
      data: dump(user),
    })),
    {
      name: `${folder}/timing_metadata.json`,
      data: metadata(user, [of('audio', audio)], [of('video', video)], { user_session_id: `${number}` }),
    },
  ];
}

const openCall = () =>
  openZip([...session('ann', 1, 'a', 'v'), ...session('bob', 2, 'b', 'v'), ...session('bob', 3, 'b', 'b')]);

const thrownBy = (work: () => unknown): ArchiveError => {
  try {
    work();
  } catch (error) {
    return error as ArchiveError;
  }
  throw new Error('nothing was thrown');
};

describe('recording.track', () => {
  test('gives the track and its recording', async () => {
    await using recording = await openCall();
    const found = recording.track('a');
    expect(found.recording).toBe(recording);
    expect(found.track).toBe(recording.tracks[0]);
    expect(found.track).toMatchObject({ userId: 'ann', kind: 'audio' });
  });

  test.each<[TrackIds, string]>([
    [{ trackId: 'v', userId: 'bob' }, 'bob 2 video'],
    [{ trackId: 'v', sessionId: '1' }, 'ann 1 video'],
    [{ trackId: 'b', sessionId: '2' }, 'bob 2 audio'],
    [{ trackId: 'b', sessionId: '3', trackType: 'TRACK_TYPE_VIDEO' }, 'bob 3 video'],
    [{ trackId: 'b', userId: 'bob', sessionId: undefined, trackType: 'TRACK_TYPE_VIDEO' }, 'bob 3 video'],
  ])('an id that several share · %j is %s', async (which, whose) => {
    await using recording = await openCall();
    const { userId, sessionId, kind } = recording.track(which).track;
    expect(`${userId} ${sessionId} ${kind}`).toBe(whose);
  });

  test('every track says which it is', async () => {
    await using recording = await openCall();
    expect(recording.tracks.length).toBe(6);
    for (const track of recording.tracks) expect(recording.track(track).track).toBe(track);
  });

  test.each<[string | TrackIds, string, string]>([
    ['nobody', 'no track "nobody" in this recording', 'It has a, b, v.'],
    ['no\nbody', 'no track "no\\x0abody" in this recording', 'It has a, b, v.'],
    [
      { trackId: 'v', userId: 'zoe', sessionId: '9' },
      'no track "v" of user "zoe" of session "9" in this recording',
      'Tracks with that id: ann 1 TRACK_TYPE_VIDEO, bob 2 TRACK_TYPE_VIDEO.',
    ],
  ])('%j · is an error that names those that there are', async (which, message, hint) => {
    await using recording = await openCall();
    const error = thrownBy(() => recording.track(which));
    expect(error).toMatchObject({ name: 'ArchiveError', code: 'ERR_NO_SUCH_TRACK', message, hint });
  });

  test('an id that does not say which · is an error that says how to', async () => {
    await using recording = await openCall();
    expect(thrownBy(() => recording.track('v'))).toMatchObject({
      name: 'ArchiveError',
      code: 'ERR_TRACK_AMBIGUOUS',
      message: 'several tracks of this recording are "v"',
      hint:
        'Say which by userId, sessionId or trackType beside trackId, or give an entry of tracks.\n' +
        'Tracks with that id: ann 1 TRACK_TYPE_VIDEO, bob 2 TRACK_TYPE_VIDEO.',
    });
  });

  test('a recording without tracks · says so', async () => {
    await using recording = await openZip([{ name: 'timing_metadata.json', data: metadata('ann', [], []) }]);
    expect(thrownBy(() => recording.track('a')).hint).toBe('It has no tracks.');
  });
});
