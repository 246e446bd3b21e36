/**
 * What to do about the last words of an ffmpeg, where that is known. Files are made where we can write: what ffmpeg cannot
 * open there is kept from it, as a snap's is from all outside the home folder.
 */
export function hintAbout(lastWords: string): { readonly hint: string } {
  if (!/permission denied|operation not permitted|no such file/i.test(lastWords))
    return { hint: 'These are the words of ffmpeg. Try another one, named with FFMPEG_PATH.' };
  return {
    hint: 'Where ffmpeg is a snap, it sees only the home folder, but for its hidden folders: choose an --output there, or name another ffmpeg with FFMPEG_PATH.',
  };
}
