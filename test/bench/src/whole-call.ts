import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { audioCall, ffmpeg, input, making, rawreel, videoCall, WORK } from './inputs.ts';
import { measure, rounds, type Work } from './measure.ts';
import { heading, megabytes, row } from './table.ts';

/** Archive → everything, against ffmpeg doing no more than decode, mix and encode the same sound, and against a copy. */
export async function wholeCall(count: number): Promise<string[]> {
  const large = await videoCall(1000);
  const hours = await audioCall(10, 3600);
  const [one, ten, hundred] = [await audioCall(1, 60), await audioCall(10, 60), await audioCall(100, 60)];
  const thousand = await audioCall(1000, 10);
  const copy = join(WORK, 'copy');
  const results = await rounds(
    [
      { name: 'copy', command: ['cp', large, copy] },
      await ffmpegMix('ffmpeg mix', large),
      making('all', 'process-all', large, '--force'),
      making('all, one worker', 'process-all', large, '--force', '--workers', '1'),
      making('all but the mix', 'process-all', large, '--force', '--no-mix'),
      await ffmpegMix('ffmpeg mix of hours', hours),
      making('hours', 'process-all', hours, '--force'),
      making('one', 'process-all', one, '--force'),
      making('ten', 'process-all', ten, '--force'),
      making('hundred', 'process-all', hundred, '--force'),
      making('thousand', 'process-all', thousand, '--force'),
    ],
    count,
  );
  rmSync(copy, { force: true });
  const mix = results.get('ffmpeg mix');
  const hoursMix = results.get('ffmpeg mix of hours');
  return [
    ...heading('ffmpeg'),
    row(`ffmpeg: decode, mix, encode the sound of ${megabytes(large)}`, mix),
    row('`cp` of the archive', results.get('copy'), mix),
    row('process-all of it, 6 people, 720p VP8', results.get('all'), mix),
    row('the same with `--workers 1`', results.get('all, one worker'), mix),
    row('the same with `--no-mix`', results.get('all but the mix'), mix),
    row(`ffmpeg: decode, mix, encode 10 people × an hour, ${megabytes(hours)}`, hoursMix),
    row('process-all of it', results.get('hours'), hoursMix),
    row('process-all of 1 person × a minute', results.get('one')),
    row('process-all of 10 people × a minute', results.get('ten')),
    row('process-all of 100 people × a minute', results.get('hundred')),
    row('process-all of 1000 people × ten seconds', results.get('thousand')),
  ];
}

/** The sound of a call, extracted once, through one ffmpeg. */
async function ffmpegMix(name: string, archive: string): Promise<Work> {
  const folder = await input(`${name.replaceAll(' ', '-')}-tracks`, (path) =>
    measure(rawreel('extract', 'extract-audio', '--input-file', archive, '--output', path, '--quiet')),
  );
  const files = readdirSync(folder).filter((file) => file.endsWith('.mkv'));
  const inputs = files.flatMap((file) => ['-i', join(folder, file)]);
  const mix = `amix=inputs=${files.length}:normalize=0`;
  const encoder = ['-c:a', 'libmp3lame', '-b:a', '96k', '-compression_level', '9', '-ac', '1'];
  const command = ffmpeg(...inputs, '-filter_complex', mix, ...encoder, join(WORK, 'mixed.mp3'));
  return { ...command, name };
}
