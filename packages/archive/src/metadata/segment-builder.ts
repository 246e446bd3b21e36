import { formatBytes } from '@rawreel/text';
import { type ContainerEntry, refusalProblem } from '../container/contents.ts';
import { excerpt } from '../excerpt.ts';
import type { ProblemList } from '../problem-list.ts';
import type { ArchiveProblem, EntryLocation, Segment } from '../recording.ts';
import { type Draft, idsOf, nameOf } from './draft.ts';
import type { DraftFiles } from './draft-files.ts';
import type { Placed } from './dump-places.ts';
import { chooseCodec, isKnownCodec, mimeOf } from './sdp-codec.ts';

/** What segments are made of. */
export interface SegmentSources {
  readonly files: DraftFiles;
  readonly sdps: ReadonlyMap<Draft, string>;
  readonly placed: ReadonlyMap<ContainerEntry, Placed>;
  readonly problems: ProblemList;
}

interface Finding extends Pick<ArchiveProblem, 'code' | 'severity'> {
  readonly reason: string;
  readonly entry?: ContainerEntry | undefined;
}

/** Makes segments of drafts, and notes what they lack. */
export class SegmentBuilder {
  readonly #files: DraftFiles;
  readonly #sdps: ReadonlyMap<Draft, string>;
  readonly #placed: ReadonlyMap<ContainerEntry, Placed>;
  readonly #problems: ProblemList;

  constructor({ files, sdps, placed, problems }: SegmentSources) {
    this.#files = files;
    this.#sdps = sdps;
    this.#placed = placed;
    this.#problems = problems;
  }

  build(draft: Draft): Segment {
    this.#noteTimes(draft);
    const dump = this.#dump(draft);
    const sdp = this.#sdps.get(draft);
    if (sdp === undefined) this.#noteMissingSdp(draft);
    return {
      base: draft.base === '' ? draft.listed.fields.base_filename : draft.base,
      codec: this.#codec(draft, sdp),
      timing: draft.timing,
      dump,
      sdp,
    };
  }

  #dump(draft: Draft): EntryLocation | undefined {
    const match = this.#files.dump.get(draft);
    if (match === undefined || 'contested' in match) {
      const why =
        match === undefined
          ? 'is not in the archive'
          : 'is listed by two segments, so that nobody can tell whose it is';
      const reason = `its dump ${excerpt(draft.base)}.rtpdump ${why}`;
      this.#note(draft, { code: 'DUMP_MISSING', severity: 'damage', reason });
      return undefined;
    }
    const { entry } = match;
    const placed = this.#placed.get(entry) ?? entry.location;
    if ('reason' in placed) {
      this.#problems.add({ ...refusalProblem(entry, placed), ...idsOf(draft) });
      return undefined;
    }
    if (entry.cut === true) {
      const seen = entry.location.size;
      const reason = `its dump is cut off after ${formatBytes(seen)} of ${formatBytes(entry.size)}`;
      this.#note(draft, { code: 'ARCHIVE_TRUNCATED', severity: 'damage', reason, entry });
      return seen === 0 ? undefined : placed;
    }
    if (entry.size === 0) {
      this.#note(draft, { code: 'DUMP_EMPTY', severity: 'damage', reason: 'its dump has no bytes', entry });
      return undefined;
    }
    return placed;
  }

  #codec(draft: Draft, sdp: string | undefined): string {
    const stated = mimeOf(draft.listed.fields.codec, draft.kind);
    const { codec, contradiction } = chooseCodec(stated, draft.kind, sdp);
    if (contradiction !== undefined) {
      const reason = excerpt(contradiction);
      this.#note(draft, { code: 'CODEC_CONTRADICTED', severity: 'notice', reason });
    }
    if (codec === '') {
      const reason = 'neither its metadata nor its SDP name a codec';
      this.#note(draft, { code: 'CODEC_UNKNOWN', severity: 'damage', reason });
    } else if (!isKnownCodec(codec)) {
      const reason = `its codec ${excerpt(codec)} is not supported yet`;
      this.#note(draft, { code: 'CODEC_UNSUPPORTED', severity: 'notice', reason });
    }
    return codec;
  }

  #noteTimes(draft: Draft): void {
    if (draft.unusableTimes.length === 0) return;
    const reason = `times in its metadata cannot be true and are not used: ${draft.unusableTimes.join(', ')}`;
    this.#note(draft, { code: 'METADATA_TIMES_UNUSABLE', severity: 'notice', reason });
  }

  #noteMissingSdp(draft: Draft): void {
    const match = this.#files.sdp.get(draft);
    if (match !== undefined && 'entry' in match) {
      // One that could not be read has been noted already.
      const { entry } = match;
      if (entry.refusal !== undefined) {
        this.#problems.add({ ...refusalProblem(entry, entry.refusal), ...idsOf(draft) });
      }
      return;
    }
    this.#note(draft, { code: 'SDP_MISSING', severity: 'notice', reason: 'its SDP is not in the archive' });
  }

  #note(draft: Draft, { code, severity, reason, entry }: Finding): void {
    const message = `${nameOf(draft)}: ${reason}`;
    this.#problems.add({ code, severity, message, entry: entry?.name, ...idsOf(draft) });
  }
}
