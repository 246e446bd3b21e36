// Runs in the browser. Each function answers with what the element said, and fails with the element's own error.
const video = document.createElement('video');
document.body.append(video);

/** Settles with an event of the element, or fails with its error. */
function event(name) {
  return new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener(
      'error',
      () => reject(new Error(`media error ${video.error?.code}: ${video.error?.message}`)),
      { once: true },
    );
  });
}

const nextPicture = () =>
  new Promise((resolve) => video.requestVideoFrameCallback((_, said) => resolve(said)));

globalThis.load = async (url) => {
  // The first picture is awaited too: it would be taken for the one that a seek asks for.
  const loaded = Promise.all([nextPicture(), event('canplaythrough')]);
  video.src = url;
  await loaded;
  return { durationMs: video.duration * 1000, width: video.videoWidth, height: video.videoHeight };
};

/** From where it stands to its end, as fast as sound is played. */
globalThis.playToEnd = async () => {
  const sizes = [`${video.videoWidth}x${video.videoHeight}`];
  const resized = () => sizes.push(`${video.videoWidth}x${video.videoHeight}`);
  video.addEventListener('resize', resized);
  const ended = event('ended');
  video.playbackRate = 4;
  await video.play();
  await ended;
  video.removeEventListener('resize', resized);
  const { totalVideoFrames, corruptedVideoFrames } = video.getVideoPlaybackQuality();
  return {
    endedAtMs: video.currentTime * 1000,
    pictures: totalVideoFrames,
    corrupted: corruptedVideoFrames,
    soundBytes: video.webkitAudioDecodedByteCount,
    sizes,
  };
};

/** What is shown at a moment: the picture's own time and size, and its brightness at 320×192. */
globalThis.pictureAt = async (ms) => {
  const shown = Promise.all([nextPicture(), event('seeked')]);
  video.currentTime = ms / 1000;
  const [{ mediaTime, width, height }] = await shown;
  const canvas = new OffscreenCanvas(320, 192);
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const luma = new Uint8Array(canvas.width * canvas.height);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  }
  return { ms: mediaTime * 1000, width, height, luma: base64(luma) };
};

/** A track of text beside the video, with all that is in it. */
async function textTrack(kind, url, mode) {
  const element = document.createElement('track');
  const { track } = element;
  const loaded = new Promise((resolve, reject) => {
    element.addEventListener('load', resolve);
    element.addEventListener('error', () => reject(new Error(`${url} is no track of ${kind}`)));
  });
  element.kind = kind;
  element.src = url;
  video.append(element);
  track.mode = mode;
  await loaded;
  return track;
}

const cuesOf = (track) =>
  [...track.cues].map((cue) => ({
    startMs: Math.round(cue.startTime * 1000),
    endMs: Math.round(cue.endTime * 1000),
    text: textOf(cue),
  }));

let captions;

/** All captions of a file, which are shown from now on. */
globalThis.captionsOf = async (url) => {
  captions = await textTrack('captions', url, 'showing');
  return cuesOf(captions);
};

/** All chapters of a file, as a page finds them among the video's tracks. */
globalThis.chaptersOf = async (url) => {
  await textTrack('chapters', url, 'hidden');
  const [track] = [...video.textTracks].filter(({ kind }) => kind === 'chapters');
  return cuesOf(track);
};

/** Those that are shown at a moment, where others were shown before. */
globalThis.captionsAt = async (ms) => {
  const changed = new Promise((resolve) => captions.addEventListener('cuechange', resolve, { once: true }));
  video.currentTime = ms / 1000;
  await changed;
  return [...captions.activeCues].map(textOf);
};

/** As it is read on the screen. */
const textOf = (cue) => cue.getCueAsHTML().textContent;

/** All of a file's sound: 48 kHz, the first channel, as little-endian floats. */
globalThis.soundOf = async (url) => {
  const file = await (await fetch(url)).arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(file);
  return base64(new Uint8Array(sound.getChannelData(0).buffer));
};

function base64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
