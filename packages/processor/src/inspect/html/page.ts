import { createHash } from 'node:crypto';
import { clock, percent, span } from '../causes/words.ts';
import type { Cause, InspectedTrack, Inspection } from '../inspection.ts';
import { nameOf } from '../track-name.ts';
import { escaped } from './escape.ts';
import { measuresTable } from './measures-table.ts';
import { plotsOf } from './plots.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { axis, momentsOf, timelineOf } from './timeline.ts';

export interface HtmlOptions {
  /** Path of a composite of the call, as the page is to link to it: causes then lead to their moments. */
  readonly composite?: string | undefined;
}

/**
 * An inspection as one page that needs nothing else: no network, no fonts, no other file. Nothing in it comes from the archive
 * but ids and numbers; ids are escaped, and no script but the page's own may run.
 */
export function htmlOf(inspection: Inspection, { composite }: HtmlOptions = {}): string {
  const { call, durationMs, headline, causes, participants, tracks, zeroAt } = inspection;
  const title = escaped(call.id) || 'unnamed call';
  const people = `${participants.length} ${participants.length === 1 ? 'person' : 'people'}`;
  const digest = createHash('sha256').update(SCRIPT).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer">
<title>${title} · inspection</title><style>${STYLE}</style></head>
<body data-duration="${Math.max(1000, durationMs)}">
<header><h1>${title}</h1><p class="dim">${escaped(call.type)} · ${zeroAt.slice(0, 19).replace('T', ' ')} UTC · ${clock(durationMs)} · ${people}</p>
<p class="headline">${escaped(headline)}</p></header>
<main><section aria-label="What happened">${causesOf(causes, composite)}</section>
<div class="bar" role="group" aria-label="Time axis"><button id="left" type="button" aria-label="earlier">←</button><button id="right" type="button" aria-label="later">→</button><button id="in" type="button">zoom in</button><button id="out" type="button">zoom out</button><button id="whole" type="button">whole call</button><label for="moment">moment</label><input id="moment" type="range" min="0" max="${Math.ceil(durationMs / 1000)}" step="1" value="0"><output id="said" for="moment"></output></div>
<section id="pictures"><h2>The call</h2>${LEGEND}${timelineOf(inspection)}</section>
${participants.map(({ userId }) => participant(userId, inspection)).join('\n')}
<section><h2>Measures</h2>${measuresTable(tracks)}<p class="dim">Lost: share of sequence numbers that did not come by themselves (RFC 3550). Jitter: mean and highest (RFC 3550). Bursts: RFC 3611, Gmin 16. Frozen: W3C webrtc-stats. Delay: above the least of the track. Uplinks only: what a receiver’s own network did is not in a recording.</p></section>
</main><script>${SCRIPT}</script></body></html>
`;
}

const LEGEND = `<p class="legend dim">${[
  ['spoken', 'speaking'],
  ['voice', 'microphone on'],
  ['camera', 'camera on'],
  ['share', 'sharing'],
  ['mark', 'above: trouble with a cause (thin: all along); inside: sound or picture missing'],
]
  .map(([colour, says]) => `<span><i style="background:var(--${colour})"></i>${says}</span>`)
  .join('')}</p>`;

function causesOf(causes: readonly Cause[], composite: string | undefined): string {
  if (causes.length === 0) return '<p>No cause of trouble was found.</p>';
  const items = causes.map((cause) => {
    const who = cause.userId === undefined ? 'call' : escaped(cause.userId);
    const says = escaped(`${cause.userId === undefined ? '' : `${cause.userId}: `}${cause.sentence}`);
    const film =
      composite === undefined
        ? ''
        : ` <a href="${escaped(hrefOf(composite))}#t=${(cause.offsetMs / 1000).toFixed(1)}">in the video</a>`;
    const doubt =
      cause.confidence === 'high' ? '' : ` <span class="dim">(${cause.confidence} confidence)</span>`;
    return `<li class="${cause.confidence}"><button type="button" data-from="${cause.fromMs}" data-until="${cause.untilMs}" data-says="${says}">${clock(cause.fromMs)}</button> <b>${who}</b> ${escaped(cause.sentence)}${doubt}${film}</li>`;
  });
  return `<ol class="causes">${items.join('')}</ol>`;
}

/** A path, never a scheme: what a file is called must not become a script. */
const hrefOf = (path: string): string => {
  const encoded = path.split(/[\\/]/).map(encodeURIComponent).join('/');
  return encoded.startsWith('/') ? encoded : `./${encoded}`;
};

function participant(userId: string, inspection: Inspection): string {
  const { durationMs } = inspection;
  const parts = inspection.tracks
    .filter((track) => track.userId === userId)
    .map((track) => {
      const plots = plotsOf(track, durationMs, momentsOf(inspection, track.trackId));
      return `<h3>${nameOf(track)} <span class="dim">${escaped(track.codec)} · ${summaryOf(track)}</span></h3>${plots}`;
    });
  return `<section class="participant"><h2>${escaped(userId)}</h2>${axis(durationMs)}${parts.join('')}</section>`;
}

function summaryOf({ packets, sound, picture, clock: { driftPpm } }: InspectedTrack): string {
  const facts = [packets.lost === 0 ? 'nothing lost' : `${percent(packets.lostShare)} lost`];
  if (sound !== undefined) facts.push(`spoke for ${span(sound.spokenMs)}`);
  if (sound !== undefined && sound.impairedMs > 0)
    facts.push(`${percent(sound.impairedShare)} of it impaired`);
  if (picture !== undefined) {
    const { width = 0, height = 0 } = picture.sizes.at(-1) ?? {};
    facts.push(`${picture.meanFps.toFixed(1)} pictures/s`, `${width}×${height}`);
    if (picture.freezes.count > 0) facts.push(`frozen for ${span(picture.freezes.totalMs)}`);
  }
  facts.push(`clock ${Math.round(driftPpm)} ppm`);
  return facts.join(' · ');
}
