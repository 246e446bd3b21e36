/** Packets of one media stream by what became of them. */
export interface StreamStatistics {
  /** On the followed SSRC with a media payload type, as they arrived: padding, late and duplicate ones too. */
  received: number;
  /** Sequence numbers that were given up for missing. One that comes later counts as late too. */
  lost: number;
  /** Came after their place had been given up: left out. */
  late: number;
  /** Already there, be it as retransmission: left out. */
  duplicate: number;
  /** Overtaken by later ones, and put back in their place. */
  reordered: number;
  /** Put in place from a retransmission, from redundancy or by forward error correction. */
  recovered: number;
  /** Of the recovered: rebuilt by forward error correction. */
  recoveredByFec: number;
  /** On the media SSRC, without media. */
  padding: number;
  /** Retransmissions of any outcome, those of padding too. */
  retransmissions: number;
  /** Packets of forward error correction, inside RED or not, of any outcome. */
  fec: number;
  /** Of payload types or SSRCs that are not followed: comfort noise, telephone events, strangers. */
  foreign: number;
  /** Records that are no RTP or RTCP, or only a part of it, and packets whose numbers make no sense. */
  malformed: number;
  /** Of the malformed: the beginning of a packet, whose rest the capture did not keep. */
  cut: number;
  /** RTP packets without a payload, of any source: padding, which probes the network. */
  empty: number;
}

export function emptyStatistics(): StreamStatistics {
  return {
    received: 0,
    lost: 0,
    late: 0,
    duplicate: 0,
    reordered: 0,
    recovered: 0,
    recoveredByFec: 0,
    padding: 0,
    retransmissions: 0,
    fec: 0,
    foreign: 0,
    malformed: 0,
    cut: 0,
    empty: 0,
  };
}
